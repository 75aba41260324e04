using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>What a window sees at each of its positions, as columns ("im2col"): [N, C, H, W] → [N, C·taps, H'·W'].</summary>
    /// <param name="Window">How the window slides.</param>
    public sealed record Unfold(Window Window) : Operator
    {
        internal override IEnumerable<string> CheckSettings() => Window.Check();

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape x = context.Shape(0);
            if (x.Rank != Window.Rank + 2)
            {
                return context.Fault($"unfolding takes {Window.Axes}, but the input is {x}.");
            }

            TensorType slid = Window.Slide(context, x[1].Size * Window.Taps)[0];
            return slid.IsUnknown
                ? [slid]
                : [slid with { Shape = new Shape(x[0], slid.Shape[1], new Shape(slid.Shape.Skip(2)).CountPerSample()) }];
        }
    }

    /// <summary>
    /// The adjoint of <see cref="Unfold"/>: columns [N, C·taps, H'·W'] added up where they were taken from, [N, C, H, W].
    /// </summary>
    /// <param name="Window">How the window slides.</param>
    /// <param name="Picture">The picture's size, H and W.</param>
    public sealed record Fold(Window Window, int[] Picture) : Operator
    {
        internal override IEnumerable<string> CheckSettings() => Window.Check();

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape columns = context.Shape(0);
            if (columns.Rank != 3 || columns[1].Size % Window.Taps != 0)
            {
                return context.Fault($"folding takes [N, channels · {Window.Taps}, positions], but the input is {columns}.");
            }

            var picture = new Shape([columns[0], columns[1].Size / Window.Taps, .. Picture.Select(d => (Dimension)(long)d)]);
            long[] positions = Window.OutputSizes(picture);
            return columns[2] == TensorData.CountOf([.. positions.Select(p => Math.Max(p, 0))])
                ? [new TensorType(context.Inputs[0].Element, picture)]
                : context.Fault(
                    $"the window has {string.Join("x", positions)} positions on {string.Join("x", Picture)} pixels, " +
                    $"but the input {columns} has {columns[2]}.");
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that lay out what windows see.</summary>
    public static class UnfoldLayers
    {
        /// <summary>
        /// What a window sees at each of its positions, as columns ("im2col", PyTorch's <c>Unfold</c>): [N, C, H, W] → [N, C·kh·kw, H'·W'].
        /// Rows go by channel, then by the window's rows and columns.
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="kernel">The window's height and width in pixels.</param>
        /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
        /// <param name="padding">Zeros around the picture; none by default.</param>
        /// <param name="dilation">Pixels between neighbouring taps of the window; 1 by default.</param>
        /// <param name="name">The layer's name; <c>unfold1</c>… by default.</param>
        public static Value Unfold2d(
            this Value input, Size2 kernel, Size2? stride = null, Padding padding = default, Size2? dilation = null, string? name = null)
        {
            var window = Window.For(input, kernel, stride, dilation, padding);
            return input.Apply(new Unfold(window), Label.For("unfold", name));
        }

        /// <summary>
        /// The adjoint of <see cref="Unfold2d"/> ("col2im", PyTorch's <c>Fold</c>): [N, C·kh·kw, H'·W'] → [N, C, H, W]. Where windows
        /// overlap, what they hold is added.
        /// </summary>
        /// <param name="columns">Columns [N, C·kh·kw, H'·W'].</param>
        /// <param name="picture">The height and width of the picture.</param>
        /// <param name="kernel">The window's height and width in pixels.</param>
        /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
        /// <param name="padding">Zeros around the picture, whose columns are dropped; none by default.</param>
        /// <param name="dilation">Pixels between neighbouring taps of the window; 1 by default.</param>
        /// <param name="name">The layer's name; <c>fold1</c>… by default.</param>
        public static Value Fold2d(
            this Value columns,
            Size2 picture,
            Size2 kernel,
            Size2? stride = null,
            Padding padding = default,
            Size2? dilation = null,
            string? name = null)
        {
            long[] size = [picture.Height, picture.Width];
            var window = Window.For(size, kernel.ToArray(), (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
            return columns.Apply(new Fold(window, picture.ToArray()), Label.For("fold", name));
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// Pictures at another size, each new pixel computed from those near it. Pixels are squares: the middle of new pixel i lies at
    /// (i + ½) · old / new − ½ (ONNX's half_pixel), unless corners are aligned.
    /// </summary>
    /// <param name="Size">The new height and width.</param>
    /// <param name="Mode">How new pixels are computed.</param>
    /// <param name="AlignCorners">Whether the corners' middles stay where they are: i · (old − 1) / (new − 1).</param>
    public sealed record Resize(Size2 Size, ResizeMode Mode, bool AlignCorners) : Operator
    {
        internal override IEnumerable<string> CheckSettings()
        {
            if (Size.Height < 1 || Size.Width < 1)
            {
                yield return $"`size` (={Size}) must be at least 1x1.";
            }

            if (AlignCorners && Mode == ResizeMode.Nearest)
            {
                yield return "`alignCorners` is a choice of bilinear resizing only.";
            }
        }

        internal override IReadOnlyList<TensorType> Infer(Inference context) =>
            [new TensorType(context.Inputs[0].Element, context.Shape(0).With(2, Size.Height).With(3, Size.Width))];

        /// <summary>How often each pixel is repeated, where pixels are nothing but repeated; else null.</summary>
        /// <param name="picture">The shape of the pictures before.</param>
        internal Size2? Repeats(Shape picture)
        {
            (long height, long width) = (picture[2].Size, picture[3].Size);
            return Mode == ResizeMode.Nearest && Size.Height % height == 0 && Size.Width % width == 0
                ? new Size2((int)(Size.Height / height), (int)(Size.Width / width))
                : null;
        }

        /// <summary>For each new pixel along an axis, the old ones from which it is computed and how much the second counts.</summary>
        /// <param name="from">The size before.</param>
        /// <param name="to">The size after.</param>
        internal IEnumerable<(long First, long Second, double Share)> Taps(long from, long to)
        {
            for (long i = 0; i < to; i++)
            {
                if (Mode == ResizeMode.Nearest)
                {
                    yield return (i * from / to, i * from / to, 0);
                    continue;
                }

                double at = AlignCorners ? (to == 1 ? 0 : (double)i * (from - 1) / (to - 1)) : Math.Max(((i + 0.5) * from / to) - 0.5, 0);
                long first = Math.Min((long)at, from - 1);
                yield return (first, Math.Min(first + 1, from - 1), at - first);
            }
        }
    }

    /// <summary>Every pixel repeated to a block of pixels (ONNX Resize, nearest neighbour, whole factors).</summary>
    /// <param name="Factors">For each axis, how often an element is repeated.</param>
    internal sealed record Repeat(params int[] Factors) : Operator
    {
        public override string Name => "Resize";

        public override OnnxForm Onnx(int opset) => new(
            "Resize",
            [
                new OnnxAttribute("coordinate_transformation_mode", "asymmetric"),
                new OnnxAttribute("mode", "nearest"),
                new OnnxAttribute("nearest_mode", "floor"),
            ],
            [null, TensorData.Vector<float>([.. Factors.Select(f => (float)f)])]);

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            IEnumerable<Dimension> dims = context.Shape(0).Select((d, i) => Factors[i] == 1 ? d : d.Size * Factors[i]);
            return [new TensorType(context.Inputs[0].Element, new Shape(dims))];
        }
    }

    /// <summary>Bilinear resizing by factors (ONNX Resize), because sizes would have to name the batch too.</summary>
    /// <param name="Target">The shape after.</param>
    /// <param name="Factors">For each axis, the size after over the size before.</param>
    /// <param name="AlignCorners">Whether the corners' middles stay where they are.</param>
    internal sealed record BilinearResize(Shape Target, float[] Factors, bool AlignCorners) : Operator
    {
        public override string Name => "Resize";

        public override OnnxForm Onnx(int opset) => new(
            "Resize",
            [
                new OnnxAttribute("coordinate_transformation_mode", AlignCorners ? "align_corners" : "half_pixel"),
                new OnnxAttribute("mode", "linear"),
            ],
            [null, TensorData.Vector<float>(Factors)]);

        internal override IReadOnlyList<TensorType> Infer(Inference context) => [new TensorType(context.Inputs[0].Element, Target)];
    }
}

namespace Cnn.Graph
{
    /// <summary>How the pixels of a resized picture are computed.</summary>
    public enum ResizeMode
    {
        /// <summary>Each is the old pixel at ⌊i · old / new⌋.</summary>
        Nearest,

        /// <summary>Each is a weighted mean of the four old pixels around it.</summary>
        Bilinear,
    }

    /// <summary>Layers that give pictures another size. Their numbers are those of PyTorch's <c>interpolate</c>.</summary>
    public static class ResizingLayers
    {
        /// <summary>Pictures enlarged by whole factors: [N, C, H, W] → [N, C, H · rows, W · columns].</summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="factor">How many pixels come of one, along each axis; at least 1.</param>
        /// <param name="mode">How they are computed; repeated by default.</param>
        /// <param name="alignCorners">Bilinear only: whether the corners' middles stay where they are.</param>
        /// <param name="name">The layer's name; <c>upsample1</c>… by default.</param>
        public static Value Upsample2d(
            this Value input, Size2 factor, ResizeMode mode = ResizeMode.Nearest, bool alignCorners = false, string? name = null)
        {
            string[] faults = factor.Height < 1 || factor.Width < 1
                ? [$"`factor` (={factor}) must be at least 1x1. Resize2d makes pictures smaller too."]
                : [];
            Size2 size = input.IsPicture() && faults.Length == 0
                ? new Size2((int)input.Shape[2].Size * factor.Height, (int)input.Shape[3].Size * factor.Width)
                : 1;
            return Resized(input, new Resize(size, mode, alignCorners), faults, Label.For("upsample", name));
        }

        /// <summary>
        /// Pictures at another size: [N, C, H, W] → [N, C, height, width]. Made much smaller, pictures are better averaged first: bilinear
        /// resizing looks at four pixels only.
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="size">The new height and width.</param>
        /// <param name="mode">How pixels are computed; bilinear by default.</param>
        /// <param name="alignCorners">Bilinear only: whether the corners' middles stay where they are.</param>
        /// <param name="name">The layer's name; <c>resize1</c>… by default.</param>
        public static Value Resize2d(
            this Value input, Size2 size, ResizeMode mode = ResizeMode.Bilinear, bool alignCorners = false, string? name = null) =>
            Resized(input, new Resize(size, mode, alignCorners), [], Label.For("resize", name));

        private static Value Resized(Value input, Resize op, IEnumerable<string> faults, Label label) =>
            new Node(op, label, [input], [.. input.FaultsAsPicture("resizing"), .. faults]).Output;
    }
}

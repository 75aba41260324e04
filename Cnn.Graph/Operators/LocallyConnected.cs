using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// A convolution whose kernels are not shared between positions: pictures [N, C, H, W], kernels [H'·W'·O, C, kh, kw], all those of a
    /// position together, and optional biases [O, H', W'] give [N, O, H', W'].
    /// </summary>
    /// <param name="Window">How the window slides.</param>
    /// <param name="Channels">The number of output channels.</param>
    public sealed record LocallyConnected(Window Window, int Channels) : Operator
    {
        internal override IEnumerable<string> CheckSettings() =>
            Channels < 1 ? Window.Check().Append($"`channels` (={Channels}) must be at least 1.") : Window.Check();

        internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0).Rank == Window.Rank + 2
            ? Window.Slide(context, Channels)
            : context.Fault($"a locally connected layer takes {Window.Axes}, but the input is {context.Shape(0)}. Reshape it first.");

        /// <summary>The kernels as a matrix for each position, [1, positions, O, C·taps].</summary>
        internal Value Matrices(Value kernels) =>
            kernels.ReshapeTo(1, kernels.Shape[0].Size / Channels, Channels, new Shape(kernels.Shape.Skip(1)).CountPerSample());

        /// <summary>
        /// [N, rows, …] → [1, positions, rows, N], a matrix for each position. The axis of size 1 keeps runtimes from moving a
        /// transposition across a reshape, which not every device survives.
        /// </summary>
        internal static Value ByPosition(Value x) =>
            x.ReshapeTo(1, x.Shape[0], x.Shape[1], new Shape(x.Shape.Skip(2)).CountPerSample()).TransposeBy(0, 3, 2, 1);

        /// <summary>The reverse of <see cref="ByPosition"/>.</summary>
        internal static Value ToPictures(Value x, params IEnumerable<Dimension> dims) => x.TransposeBy(0, 3, 2, 1).ReshapeTo(dims);
    }
}

namespace Cnn.Graph
{
    /// <summary>Convolutions whose kernels are not shared between positions.</summary>
    public static class LocallyConnectedLayers
    {
        /// <summary>
        /// A locally connected layer, as in DeepFace: a convolution with kernels of its own at every position, for pictures in which every
        /// place has a meaning of its own. It has H'·W'·channels · (C·kh·kw + 1) parameters, without <paramref name="bias"/> that many
        /// biases less.
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="channels">The number of kernels at each position, that is of output channels.</param>
        /// <param name="kernel">The kernel's height and width in pixels.</param>
        /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
        /// <param name="padding">Zeros around the picture; none by default.</param>
        /// <param name="bias">Whether a bias is added to each output element.</param>
        /// <param name="weightInitializer">How the kernels of each position start; <see cref="Initializer.He"/> by default.</param>
        /// <param name="biasInitializer">How the biases start; zero by default.</param>
        /// <param name="name">The layer's name; <c>local1</c>, <c>local2</c>… by default.</param>
        public static Value LocallyConnected2d(
            this Value input,
            int channels,
            Size2 kernel,
            Size2? stride = null,
            Padding padding = default,
            bool bias = true,
            Initializer? weightInitializer = null,
            Initializer? biasInitializer = null,
            string? name = null)
        {
            Label label = Label.For("local", name);
            var op = new LocallyConnected(Window.For(input, kernel, stride, dilation: null, padding), channels);
            // The kernels' shape follows from that of the output; where there is none, the fault of the picture alone is told.
            Value picture = input.Apply(op, label);
            if (picture.Type.IsUnknown)
            {
                return picture;
            }

            Shape y = picture.Shape;
            long positions = y[2].Size * y[3].Size;
            TensorType weightType = TensorType.Float(positions * channels, input.Shape[1], kernel.Height, kernel.Width);
            Initializer perPosition = (weightInitializer ?? Initializer.He).InBlocks((int)positions);
            var inputs = new List<Value> { input, new Parameter(label.Child("weight"), weightType, perPosition, ParameterRole.Weight) };
            if (bias)
            {
                TensorType biasType = TensorType.Float(y.Skip(1));
                inputs.Add(new Parameter(label.Child("bias"), biasType, biasInitializer ?? Initializer.Zero, ParameterRole.Bias));
            }

            return new Node(op, label, inputs).Output;
        }
    }
}

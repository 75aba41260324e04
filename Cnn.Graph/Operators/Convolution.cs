using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// Cross-correlation of a picture [N, C, H, W] with kernels [O, C/groups, kh, kw], plus an optional bias [O] (ONNX Conv).
    /// </summary>
    /// <param name="Window">How the kernel slides.</param>
    /// <param name="Groups">Into how many independent parts the channels are split.</param>
    public sealed record Conv(Window Window, int Groups) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Conv", [.. Window.Attributes(), new OnnxAttribute("group", (long)Groups)]);

        internal override IEnumerable<string> CheckSettings() =>
            Groups < 1 ? Window.Check().Append($"`groups` (={Groups}) must be at least 1.") : Window.Check();

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape x = context.Shape(0), w = context.Shape(1);
            if (x.Rank != Window.Rank + 2)
            {
                return context.Fault($"a convolution takes [N, channels, height, width], but the input is {x}. Reshape it first.");
            }

            if (x[1].Size % Groups != 0 || w[0].Size % Groups != 0)
            {
                return context.Fault($"the input's channels (={x[1]}) and `channels` (={w[0]}) must both be divisible by `groups` (={Groups}).");
            }

            return x[1].Size == w[1].Size * Groups
                ? Window.Slide(context, w[0])
                : context.Fault($"the input {x} has {x[1]} channels, but the kernels {w} expect {w[1].Size * Groups}.");
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Convolution layers.</summary>
    public static class ConvolutionLayers
    {
        /// <summary>
        /// A 2-D convolution: [N, C, H, W] → [N, channels, H', W'] with H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.
        /// It has channels · (C/groups · kernel² + 1) parameters (less the biases without <paramref name="bias"/>).
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="channels">The number of kernels, that is of output channels.</param>
        /// <param name="kernel">The kernel's height and width in pixels.</param>
        /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
        /// <param name="padding">Zeros around the picture; none by default.</param>
        /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
        /// <param name="groups">Into how many independent parts the channels are split; C for a depthwise convolution.</param>
        /// <param name="bias">Whether a bias is added to each output channel.</param>
        /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
        /// <param name="biasInitializer">How the biases start; zero by default.</param>
        /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
        public static Value Conv2d(
            this Value input,
            int channels,
            Size2 kernel,
            Size2? stride = null,
            Padding padding = default,
            Size2? dilation = null,
            int groups = 1,
            bool bias = true,
            Initializer? weightInitializer = null,
            Initializer? biasInitializer = null,
            string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            Label label = Label.For("conv", name);
            var window = Window.For(input, kernel, stride ?? 1, dilation ?? 1, padding);
            var op = new Conv(window, groups);
            string[] faults = channels < 1 ? [$"`channels` (={channels}) must be at least 1."] : [];
            // A wrong rank is the operator's to report; the kernels only need some type until then.
            TensorType weightType = input.Type.IsUnknown || faults.Length > 0 || op.CheckSettings().Any()
                ? TensorType.Unknown
                : TensorType.Float(channels, input.Shape.Rank == 4 ? input.Shape[1].Size / groups : 1, kernel.Height, kernel.Width);
            var inputs = new List<Value>
            {
                input, new Parameter(label.Child("weight"), weightType, weightInitializer ?? Initializer.He, ParameterRole.Weight),
            };
            if (bias)
            {
                inputs.Add(new Parameter(label.Child("bias"), TensorType.Float(channels), biasInitializer ?? Initializer.Zero, ParameterRole.Bias));
            }

            return new Node(op, label, inputs, faults).Output;
        }
    }
}

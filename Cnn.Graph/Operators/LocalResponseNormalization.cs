using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// Each element over (k + A · Σ a²)^beta, the sum going over a window of neighbouring channels at the same pixel; A is alpha or
    /// alpha / size (ONNX LRN). The window is cut off at the first and last channel, the divisor stays.
    /// </summary>
    /// <param name="Size">The number of channels in a window.</param>
    /// <param name="Alpha">Factor of the sum.</param>
    /// <param name="Beta">The power.</param>
    /// <param name="K">What is added to the sum.</param>
    /// <param name="DividesAlpha">Whether alpha is divided by the size.</param>
    /// <param name="IsExtraBehind">Whether a window of even size has its odd channel behind the element instead of before it.</param>
    public sealed record LocalResponseNorm(
        int Size, float Alpha, float Beta, float K, bool DividesAlpha, bool IsExtraBehind) : Operator
    {
        private double Factor => DividesAlpha ? (double)Alpha / Size : Alpha;

        /// <summary>
        /// ONNX has the operator with the odd channel behind; but ONNX Runtime runs odd sizes only, so even ones are lowered.
        /// </summary>
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => Size % 2 == 0 ? null : new(
            "LRN",
            new OnnxAttribute("alpha", (float)(Factor * Size)),
            new OnnxAttribute("beta", Beta),
            new OnnxAttribute("bias", K),
            new OnnxAttribute("size", (long)Size));

        internal override IEnumerable<string> CheckSettings() =>
        [
            .. Size < 1 ? [$"`size` (={Size}) must be at least 1."] : Array.Empty<string>(),
            .. Settings.RequirePositive(("alpha", Alpha), ("beta", Beta), ("k", K)),
        ];

        internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0) is { Rank: 4 }
            ? [context.Inputs[0]]
            : context.Fault($"local response normalisation takes [N, channels, height, width], but the input is {context.Shape(0)}.");

        /// <summary>k + A · Σ a², of which the normalisation takes the power.</summary>
        internal Value Denominator(Value x) => K + SumOverWindows(x.Square(), isAdjoint: false);

        /// <summary>
        /// A times the sum over each channel's window, or its adjoint: over the channels in whose windows a channel lies. As a 1x1
        /// convolution with a band of kernels it needs no loop over channels and runs everywhere.
        /// </summary>
        internal Value SumOverWindows(Value x, bool isAdjoint)
        {
            int channels = (int)x.Shape[1].Size, before = IsExtraBehind ? (Size - 1) / 2 : Size / 2;
            var band = new float[channels * channels];
            for (int c = 0; c < channels; c++)
            {
                for (int j = Math.Max(0, c - before); j < Math.Min(channels, c - before + Size); j++)
                {
                    band[isAdjoint ? (j * channels) + c : (c * channels) + j] = (float)Factor;
                }
            }

            return x.Conv2d(Constants.Floats(band, [channels, channels, 1, 1], x.Type.Element));
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Local response normalisation.</summary>
    public static class LocalResponseNormalizationLayers
    {
        /// <summary>
        /// Local response normalisation between channels (Krizhevsky et al., 2012): a / (k + A · Σ a²)^beta, the sum going over
        /// <paramref name="size"/> neighbouring channels at the same pixel, fewer at the first and last channels.
        /// <para>
        /// A is alpha / size, as in PyTorch, ONNX, Caffe and Krizhevsky's code, or alpha itself, as his paper writes it and TensorFlow
        /// computes it. TensorFlow's <c>depth_radius</c> r is half a window, size = 2r + 1, and its <c>bias</c> is k. AlexNet as in the
        /// paper: size 5, alpha 1e-4, beta 0.75, k 2, undivided; the original program divided, so its weights want the divided form.
        /// </para>
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="size">The number of channels in a window; may exceed C.</param>
        /// <param name="alpha">Factor of the sum; above 0.</param>
        /// <param name="beta">The power; above 0.</param>
        /// <param name="k">What is added to the sum; above 0.</param>
        /// <param name="dividedAlpha">Whether alpha is divided by the size.</param>
        /// <param name="extraBehind">
        /// For even sizes, which have one channel more on one side: whether that lies behind the element, as ONNX has it, instead of
        /// before it, as in PyTorch.
        /// </param>
        /// <param name="name">The layer's name; <c>lrn1</c>… by default.</param>
        public static Value LocalResponseNorm(
            this Value input,
            int size = 5,
            double alpha = 1e-4,
            double beta = 0.75,
            double k = 1,
            bool dividedAlpha = true,
            bool extraBehind = false,
            string? name = null) =>
            input.Apply(
                new LocalResponseNorm(size, (float)alpha, (float)beta, (float)k, dividedAlpha, extraBehind), Label.For("lrn", name));
    }
}

using System.Globalization;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// scale · (x − mean) / √(variance + ε) + shift for each channel of [N, C, …] (ONNX BatchNormalization); inputs: x, scale, shift, mean,
    /// variance.
    /// </summary>
    /// <param name="Epsilon">Keeps the quotient finite.</param>
    public abstract record ChannelNormalization(float Epsilon) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("BatchNormalization", new OnnxAttribute("epsilon", Epsilon));

        internal override IEnumerable<string> CheckSettings() => Epsilon > 0 && float.IsFinite(Epsilon)
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"`epsilon` (={Epsilon}) must be a finite number above 0: it keeps the quotient finite.")];

        internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0) is { Rank: >= 2 } x && x[1].IsKnown
            ? [context.Inputs[0]]
            : context.Fault($"batch normalisation takes [N, channels, …], but the input is {context.Shape(0)}.");
    }

    /// <summary>
    /// Batch normalisation as a network is used; its training form takes the statistics of the batch and gathers averages of them.
    /// </summary>
    /// <param name="Epsilon">Keeps the quotient finite.</param>
    /// <param name="Average">How training gathers mean and variance; null where they are frozen.</param>
    public sealed record BatchNorm(float Epsilon, RunningAverage? Average) : ChannelNormalization(Epsilon);

    /// <summary>
    /// Batch normalisation while it is trained: mean and variance are those of x itself, and are inputs only so that they are computed
    /// once. The gradient with respect to x is the whole one; there is none with respect to them.
    /// </summary>
    /// <param name="Epsilon">Keeps the quotient finite.</param>
    internal sealed record BatchNormTraining(float Epsilon) : ChannelNormalization(Epsilon)
    {
        public override string Name => nameof(BatchNorm);
    }
}

namespace Cnn.Graph
{
    /// <summary>Batch normalisation.</summary>
    public static class BatchNormalizationLayers
    {
        /// <summary>
        /// Batch normalisation (Ioffe &amp; Szegedy, 2015) of each channel of [N, C, …]: scale · (x − mean) / √(variance + ε) + shift. In
        /// training mean and variance are those of the batch, over N and all spatial axes; in use they are averages gathered in training.
        /// 2·C parameters, 2·C statistics. A bias before it is redundant.
        /// </summary>
        /// <param name="input">Features [N, C] or pictures [N, C, H, W].</param>
        /// <param name="epsilon">Added to the variance; 1e-5 by default as in PyTorch, 1e-3 in TensorFlow's Inception networks.</param>
        /// <param name="average">
        /// How mean and variance are gathered; <see cref="RunningAverage.Momentum"/> 0.1 by default, as in PyTorch.
        /// </param>
        /// <param name="scale">Whether there is a scale (gamma); TensorFlow's Inception networks have none.</param>
        /// <param name="shift">Whether there is a shift (beta).</param>
        /// <param name="frozen">
        /// Whether training, too, uses the gathered mean and variance and leaves them as they are, as in fine-tuning.
        /// </param>
        /// <param name="scaleInitializer">How the scales start; one by default.</param>
        /// <param name="name">The layer's name; <c>batch_norm1</c>… by default.</param>
        public static Value BatchNorm(
            this Value input,
            double epsilon = 1e-5,
            RunningAverage? average = null,
            bool scale = true,
            bool shift = true,
            bool frozen = false,
            Initializer? scaleInitializer = null,
            string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            Label label = Label.For("batch_norm", name);
            // A wrong rank is the operator's to report; the parameters only need some type until then.
            TensorType type = input.Type.IsUnknown
                ? TensorType.Unknown
                : TensorType.Float(input.Shape.Rank >= 2 && input.Shape[1].IsKnown ? input.Shape[1] : 1);
            var op = new BatchNorm((float)epsilon, frozen ? null : average ?? RunningAverage.Momentum());
            return new Node(
                op,
                label,
                [
                    input,
                    scale ? new Parameter(label.Child("scale"), type, scaleInitializer ?? Initializer.Constant(1), ParameterRole.Scale) : Filled(1, type),
                    shift ? new Parameter(label.Child("shift"), type, Initializer.Zero, ParameterRole.Bias) : Filled(0, type),
                    new Statistic(label.Child("mean"), type, Initializer.Zero),
                    new Statistic(label.Child("variance"), type, Initializer.Constant(1)),
                ]).Output;
        }

        private static Constant Filled(float number, TensorType type)
        {
            var numbers = new float[type.IsUnknown ? 1 : type.Shape[0].Size];
            numbers.AsSpan().Fill(number);
            return Constants.Floats(numbers, [numbers.Length]);
        }
    }
}

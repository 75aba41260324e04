using System.Globalization;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// Dropout (Srivastava et al., 2014): in training each element is set to zero with probability <paramref name="Rate"/>. The training
    /// form multiplies by a mask that is an input of the graph, so that the same seed drops the same elements on every device.
    /// </summary>
    /// <param name="Rate">The probability of dropping an element, 0 ≤ rate &lt; 1.</param>
    /// <param name="Form">Where the factor stands that makes up for what is dropped.</param>
    /// <param name="WholeChannels">Whether a channel of a sample is kept or dropped as a whole.</param>
    public sealed record Dropout(float Rate, DropoutForm Form = DropoutForm.Inverted, bool WholeChannels = false) : UnaryOperator
    {
        /// <inheritdoc/>
        public override string Name => WholeChannels ? "SpatialDropout" : "Dropout";

        /// <summary>The probability of keeping an element.</summary>
        internal float Keep => 1 - Rate;

        /// <summary>How the mask is drawn.</summary>
        internal MaskNoise Mask => new(Keep, Form == DropoutForm.Original ? 1 : 1 / Keep);

        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        internal override IEnumerable<string> CheckSettings() => Rate is >= 0 and < 1
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"`rate` (={Rate}) must lie in [0, 1): it is the probability of dropping an element.")];

        internal override IReadOnlyList<TensorType> Infer(Inference context) => WholeChannels && context.Shape(0).Rank < 3
            ? context.Fault(
                $"spatial dropout takes [N, channels, height, width], or other spatial axes, but the input is {context.Shape(0)}. " +
                "Use Dropout there.")
            : base.Infer(context);

        /// <summary>The shape of the mask for an input.</summary>
        internal TensorType MaskFor(TensorType input) =>
            WholeChannels ? input with { Shape = new Shape(input.Shape.Select((d, i) => i < 2 ? d : 1)) } : input;
    }
}

namespace Cnn.Graph
{
    /// <summary>Where dropout makes up for what it drops, so that later layers see the same mean in training and in use.</summary>
    public enum DropoutForm
    {
        /// <summary>In training: what is kept is divided by 1 − rate, and in use nothing happens (Caffe, PyTorch, Keras).</summary>
        Inverted,

        /// <summary>
        /// In use: everything is multiplied by 1 − rate, and in training what is kept stays as it is (Hinton et al., 2012; AlexNet).
        /// </summary>
        Original,
    }

    /// <summary>Layers that only act in training.</summary>
    public static class RegularizationLayers
    {
        /// <summary>In training, sets each element to zero with probability <paramref name="rate"/>.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="rate">The probability of dropping an element, 0 ≤ rate &lt; 1.</param>
        /// <param name="form">Whether the others are divided by 1 − rate in training, or all multiplied by it in use.</param>
        /// <param name="name">The layer's name; <c>dropout1</c>… by default.</param>
        public static Value Dropout(this Value input, double rate = 0.5, DropoutForm form = DropoutForm.Inverted, string? name = null) =>
            input.Apply(new Dropout((float)rate, form), Label.For("dropout", name));

        /// <summary>
        /// In training, sets whole channels of a sample to zero with probability <paramref name="rate"/> and divides the others by 1 − rate
        /// (Tompson et al., 2015): neighbouring pixels are so alike that dropping single ones would hide little.
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W], or signals or volumes.</param>
        /// <param name="rate">The probability of dropping a channel, 0 ≤ rate &lt; 1.</param>
        /// <param name="name">The layer's name; <c>spatial_dropout1</c>… by default.</param>
        public static Value SpatialDropout(this Value input, double rate = 0.5, string? name = null) =>
            input.Apply(new Dropout((float)rate, WholeChannels: true), Label.For("spatial_dropout", name));
    }
}

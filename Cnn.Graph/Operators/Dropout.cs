using System.Globalization;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// Dropout (Srivastava et al., 2014), inverted: in training each element is set to zero with probability <paramref name="Rate"/> and
    /// the others are divided by 1 − rate; at inference nothing happens. The training form multiplies by a mask that is an input of
    /// the graph, so that the same seed drops the same elements on every device.
    /// </summary>
    /// <param name="Rate">The probability of dropping an element, 0 ≤ rate &lt; 1.</param>
    public sealed record Dropout(float Rate) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        internal override IEnumerable<string> CheckSettings() => Rate is >= 0 and < 1
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"`rate` (={Rate}) must lie in [0, 1): it is the probability of dropping an element.")];
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that only act in training.</summary>
    public static class RegularizationLayers
    {
        /// <summary>In training, sets each element to zero with probability <paramref name="rate"/> and scales the rest by 1 / (1 − rate).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="rate">The probability of dropping an element, 0 ≤ rate &lt; 1.</param>
        /// <param name="name">The layer's name; <c>dropout1</c>… by default.</param>
        public static Value Dropout(this Value input, double rate = 0.5, string? name = null) =>
            input.Apply(new Dropout((float)rate), Label.For("dropout", name));
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>An operator with one input whose output has the same shape and type.</summary>
    public abstract record UnaryOperator : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => new(Name);

        internal override IReadOnlyList<TensorType> Infer(Inference context) => [context.Inputs[0]];
    }

    /// <summary>max(x, 0) (ONNX Relu).</summary>
    public sealed record Relu : UnaryOperator;

    /// <summary>max(x, 0), but 6 at most. ONNX's Clip takes the bounds as tensors of the input's type, so it is lowered.</summary>
    public sealed record Relu6 : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;
    }

    /// <summary>x where x ≥ 0, alpha · x elsewhere (ONNX LeakyRelu).</summary>
    /// <param name="Alpha">The slope on the negative side.</param>
    public sealed record LeakyRelu(float Alpha) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("LeakyRelu", new OnnxAttribute("alpha", Alpha));

        internal override IEnumerable<string> CheckSettings() => Settings.RequireFinite(("alpha", Alpha));
    }

    /// <summary>x where x ≥ 0, alpha · (exp(x) − 1) elsewhere (ONNX Elu).</summary>
    /// <param name="Alpha">The limit on the negative side is −alpha.</param>
    public sealed record Elu(float Alpha) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Elu", new OnnxAttribute("alpha", Alpha));

        internal override IEnumerable<string> CheckSettings() => Settings.RequireFinite(("alpha", Alpha));
    }

    /// <summary>
    /// x · Φ(x), with the distribution function Φ of the normal distribution. ONNX has it from operator set 20 only, so it is lowered.
    /// </summary>
    /// <param name="Approximate">Whether Φ is approximated with a hyperbolic tangent.</param>
    public sealed record Gelu(bool Approximate) : UnaryOperator
    {
        private const double Cubic = 0.044715;

        private static readonly double Width = Math.Sqrt(2 / Math.PI);

        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        /// <summary>2 · Φ(x): 1 + erf(x / √2), or 1 + tanh(√(2/π) · (x + 0.044715 · x³)).</summary>
        internal Value Gate(Value x) => 1 + (Approximate ? (Width * (x + (Cubic * (x * x * x)))).Tanh() : (x / Math.Sqrt(2)).Erf());

        /// <summary>The derivative of <see cref="Gate"/>.</summary>
        internal Value GateSlope(Value x, Value gate) => Approximate
            ? gate * (2 - gate) * (Width + (3 * Width * Cubic * (x * x)))
            : Width * (-0.5 * (x * x)).Exp();
    }

    /// <summary>1 / (1 + exp(−x)) (ONNX Sigmoid).</summary>
    public sealed record Sigmoid : UnaryOperator;

    /// <summary>x / (1 + exp(−x)), also called swish. ONNX has no such operator in the sets written here, so it is lowered.</summary>
    public sealed record Silu : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;
    }

    /// <summary>The hyperbolic tangent (ONNX Tanh).</summary>
    public sealed record Tanh : UnaryOperator;

    /// <summary>amplitude · tanh(slope · x), lowered.</summary>
    /// <param name="Amplitude">The limits are ±amplitude.</param>
    /// <param name="Slope">How much the input is stretched.</param>
    public sealed record ScaledTanh(float Amplitude, float Slope) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        internal override IEnumerable<string> CheckSettings() => Settings.RequirePositive(("amplitude", Amplitude), ("slope", Slope));
    }

    /// <summary>max(0, min(1, alpha · x + beta)) (ONNX HardSigmoid).</summary>
    /// <param name="Alpha">The slope.</param>
    /// <param name="Beta">The offset.</param>
    internal sealed record HardSigmoid(float Alpha, float Beta) : UnaryOperator
    {
        public override OnnxForm Onnx(int opset) => new("HardSigmoid", new OnnxAttribute("alpha", Alpha), new OnnxAttribute("beta", Beta));
    }

    /// <summary>x between bounds (ONNX Clip): inputs x, the lower and the upper bound, which are scalars.</summary>
    internal sealed record Clip : Operator
    {
        public override OnnxForm Onnx(int opset) => new("Clip");

        internal override IReadOnlyList<TensorType> Infer(Inference context) => [context.Inputs[0]];
    }

    /// <summary>1 where x &gt; 0, else 0: what the gradient of a rectifier lets through.</summary>
    internal sealed record PositiveMask : UnaryOperator
    {
        public override OnnxForm? Onnx(int opset) => null;
    }
}

namespace Cnn.Graph
{
    /// <summary>Activations: the same function on every element.</summary>
    public static class ActivationLayers
    {
        /// <summary>max(x, 0).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>relu1</c>… by default.</param>
        public static Value Relu(this Value input, string? name = null) => input.Apply(new Relu(), Label.For("relu", name));

        /// <summary>
        /// max(x, 0), but 6 at most (Krizhevsky, 2010), which keeps its precision in few bits; MobileNet-v2's. The gradient is 0 at 0 and
        /// at 6.
        /// </summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>relu6_1</c>… by default.</param>
        public static Value Relu6(this Value input, string? name = null) => input.Apply(new Relu6(), Label.For("relu6_", name));

        /// <summary>x where x ≥ 0, alpha · x elsewhere.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="alpha">The slope on the negative side.</param>
        /// <param name="name">The layer's name; <c>leaky_relu1</c>… by default.</param>
        public static Value LeakyRelu(this Value input, double alpha = 0.01, string? name = null) =>
            input.Apply(new LeakyRelu((float)alpha), Label.For("leaky_relu", name));

        /// <summary>The exponential linear unit (Clevert et al., 2016): x where x ≥ 0, alpha · (exp(x) − 1) elsewhere.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="alpha">The limit on the negative side is −alpha; 1 by default.</param>
        /// <param name="name">The layer's name; <c>elu1</c>… by default.</param>
        public static Value Elu(this Value input, double alpha = 1, string? name = null) =>
            input.Apply(new Elu((float)alpha), Label.For("elu", name));

        /// <summary>
        /// The Gaussian error linear unit (Hendrycks &amp; Gimpel, 2016): x · Φ(x), Φ being the normal distribution function.
        /// </summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="approximate">
        /// Whether Φ is ½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), as in GPT-2, instead of the exact function.
        /// </param>
        /// <param name="name">The layer's name; <c>gelu1</c>… by default.</param>
        public static Value Gelu(this Value input, bool approximate = false, string? name = null) =>
            input.Apply(new Gelu(approximate), Label.For("gelu", name));

        /// <summary>1 / (1 + exp(−x)).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>sigmoid1</c>… by default.</param>
        public static Value Sigmoid(this Value input, string? name = null) => input.Apply(new Sigmoid(), Label.For("sigmoid", name));

        /// <summary>The sigmoid linear unit or swish (Ramachandran et al., 2017): x / (1 + exp(−x)).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>silu1</c>… by default.</param>
        public static Value Silu(this Value input, string? name = null) => input.Apply(new Silu(), Label.For("silu", name));

        /// <summary>The hyperbolic tangent.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>tanh1</c>… by default.</param>
        public static Value Tanh(this Value input, string? name = null) => input.Apply(new Tanh(), Label.For("tanh", name));

        /// <summary>
        /// amplitude · tanh(slope · x). By default that of LeNet-5 (LeCun et al., 1998), for which f(±1) = ±1.
        /// </summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="amplitude">The limits are ±amplitude; above 0.</param>
        /// <param name="slope">How much the input is stretched; above 0.</param>
        /// <param name="name">The layer's name; <c>scaled_tanh1</c>… by default.</param>
        public static Value ScaledTanh(this Value input, double amplitude = 1.7159, double slope = 2.0 / 3, string? name = null) =>
            input.Apply(new ScaledTanh((float)amplitude, (float)slope), Label.For("scaled_tanh", name));

        /// <summary>Adds one node that has one input.</summary>
        internal static Value Apply(this Value input, Operator op, Label label)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new Node(op, label, [input]).Output;
        }
    }
}

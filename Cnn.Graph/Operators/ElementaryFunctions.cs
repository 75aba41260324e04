using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>exp(x) (ONNX Exp).</summary>
    public sealed record Exp : UnaryOperator;

    /// <summary>ln x (ONNX Log).</summary>
    public sealed record Log : UnaryOperator;

    /// <summary>√x (ONNX Sqrt).</summary>
    public sealed record Sqrt : UnaryOperator;

    /// <summary>The input itself (ONNX Identity).</summary>
    public sealed record Identity : UnaryOperator;

    /// <summary>|x| (ONNX Abs). At 0 the gradient is 0.</summary>
    public sealed record Abs : UnaryOperator;

    /// <summary>The error function 2/√π · ∫₀ˣ exp(−t²) dt (ONNX Erf).</summary>
    public sealed record Erf : UnaryOperator;

    /// <summary>x to a constant power (ONNX Pow).</summary>
    /// <param name="Exponent">The power.</param>
    public sealed record Pow(float Exponent) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Pow", [], [TensorData.Scalar(Exponent)]);

        internal override IEnumerable<string> CheckSettings() => Settings.RequireFinite(("exponent", Exponent));
    }

    /// <summary>The input itself, through which no gradient goes. Lowered to nothing.</summary>
    public sealed record StopGradient : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;
    }
}

namespace Cnn.Graph
{
    /// <summary>Functions of each element on its own, of which losses and new layers are made.</summary>
    public static class ElementaryFunctions
    {
        /// <summary>exp(x).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>exp1</c>… by default.</param>
        public static Value Exp(this Value input, string? name = null) => input.Apply(new Exp(), Label.For("exp", name));

        /// <summary>The natural logarithm.</summary>
        /// <param name="input">Positive numbers.</param>
        /// <param name="name">The layer's name; <c>log1</c>… by default.</param>
        public static Value Log(this Value input, string? name = null) => input.Apply(new Log(), Label.For("log", name));

        /// <summary>The square root. Its gradient is infinite at 0.</summary>
        /// <param name="input">Numbers of at least 0.</param>
        /// <param name="name">The layer's name; <c>sqrt1</c>… by default.</param>
        public static Value Sqrt(this Value input, string? name = null) => input.Apply(new Sqrt(), Label.For("sqrt", name));

        /// <summary>|x|. At 0 its gradient is 0.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>abs1</c>… by default.</param>
        public static Value Abs(this Value input, string? name = null) => input.Apply(new Abs(), Label.For("abs", name));

        /// <summary>x².</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>square1</c>… by default.</param>
        public static Value Square(this Value input, string? name = null) => new Node(new Mul(), Label.For("square", name), [input, input]).Output;

        /// <summary>x to a constant power.</summary>
        /// <param name="input">Positive numbers; any numbers where the power is a whole number.</param>
        /// <param name="exponent">The power.</param>
        /// <param name="name">The layer's name; <c>pow1</c>… by default.</param>
        public static Value Pow(this Value input, double exponent, string? name = null) =>
            input.Apply(new Pow((float)exponent), Label.For("pow", name));

        /// <summary>The input itself, as a constant of the derivation: no gradient goes through it (PyTorch's <c>detach</c>).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>stop_gradient1</c>… by default.</param>
        public static Value StopGradient(this Value input, string? name = null) =>
            input.Apply(new StopGradient(), Label.For("stop_gradient", name));

        internal static Value Erf(this Value input) => input.Apply(new Erf(), Label.For("erf"));
    }
}

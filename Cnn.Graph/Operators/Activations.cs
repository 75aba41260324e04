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

    /// <summary>x where x ≥ 0, alpha · x elsewhere (ONNX LeakyRelu).</summary>
    /// <param name="Alpha">The slope on the negative side.</param>
    public sealed record LeakyRelu(float Alpha) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("LeakyRelu", new OnnxAttribute("alpha", Alpha));

        internal override IEnumerable<string> CheckSettings() =>
            float.IsFinite(Alpha) ? [] : [$"`alpha` (={Alpha}) must be a finite number."];
    }

    /// <summary>1 / (1 + exp(−x)) (ONNX Sigmoid).</summary>
    public sealed record Sigmoid : UnaryOperator;

    /// <summary>The hyperbolic tangent (ONNX Tanh).</summary>
    public sealed record Tanh : UnaryOperator;

    /// <summary>max(0, min(1, alpha · x + beta)) (ONNX HardSigmoid).</summary>
    /// <param name="Alpha">The slope.</param>
    /// <param name="Beta">The offset.</param>
    internal sealed record HardSigmoid(float Alpha, float Beta) : UnaryOperator
    {
        public override OnnxForm Onnx(int opset) => new("HardSigmoid", new OnnxAttribute("alpha", Alpha), new OnnxAttribute("beta", Beta));
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

        /// <summary>x where x ≥ 0, alpha · x elsewhere.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="alpha">The slope on the negative side.</param>
        /// <param name="name">The layer's name; <c>leaky_relu1</c>… by default.</param>
        public static Value LeakyRelu(this Value input, double alpha = 0.01, string? name = null) =>
            input.Apply(new LeakyRelu((float)alpha), Label.For("leaky_relu", name));

        /// <summary>1 / (1 + exp(−x)).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>sigmoid1</c>… by default.</param>
        public static Value Sigmoid(this Value input, string? name = null) => input.Apply(new Sigmoid(), Label.For("sigmoid", name));

        /// <summary>The hyperbolic tangent.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="name">The layer's name; <c>tanh1</c>… by default.</param>
        public static Value Tanh(this Value input, string? name = null) => input.Apply(new Tanh(), Label.For("tanh", name));

        /// <summary>Adds one node that has one input.</summary>
        internal static Value Apply(this Value input, Operator op, Label label)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new Node(op, label, [input]).Output;
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// x where x ≥ 0, slope · x elsewhere (ONNX PRelu). The slope is an input that is broadcast to x from the last axis on, so that one
    /// slope a channel of pictures is [C, 1, 1].
    /// </summary>
    public sealed record PRelu : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("PRelu");

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            (Shape x, Shape slope) = (context.Shape(0), context.Shape(1));
            return x.Equals(Shape.Broadcast(x, slope))
                ? [context.Inputs[0]]
                : context.Fault($"slopes {slope} cannot be repeated to the input {x}.");
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Activations that learn.</summary>
    public static class ParametricActivationLayers
    {
        /// <summary>
        /// The parametric rectifier (He et al., 2015): x where x ≥ 0, slope · x elsewhere, with a slope for each channel that is learnt.
        /// It has C parameters, [C, 1, 1] for pictures as ONNX has them ([C] in PyTorch), or one.
        /// </summary>
        /// <param name="input">[N, C, …].</param>
        /// <param name="shared">Whether all channels have one slope.</param>
        /// <param name="initializer">How the slopes start; 0.25 by default.</param>
        /// <param name="name">The layer's name; <c>prelu1</c>… by default.</param>
        public static Value PRelu(this Value input, bool shared = false, Initializer? initializer = null, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            Label label = Label.For("prelu", name);
            Shape x = input.Shape;
            TensorType type = input.Type.IsUnknown
                ? TensorType.Unknown
                : TensorType.Float(shared || x.Rank < 2 ? [1] : [x[1], .. x.Skip(2).Select(_ => (Dimension)1)]);
            var slope = new Parameter(label.Child("slope"), type, initializer ?? Initializer.Constant(0.25), ParameterRole.Scale);
            return new Node(new PRelu(), label, [input, slope]).Output;
        }
    }
}

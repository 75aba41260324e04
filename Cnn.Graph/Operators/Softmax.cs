using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>exp(x) / Σ exp(x) along an axis (ONNX Softmax).</summary>
    /// <param name="Axis">The axis over which the outputs sum to one.</param>
    public sealed record Softmax(int Axis) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Softmax", new OnnxAttribute("axis", (long)Axis));

        internal override IReadOnlyList<TensorType> Infer(Inference context) => Axes.Check(context, Axis) ?? base.Infer(context);
    }

    /// <summary>x − log Σ exp(x) along an axis (ONNX LogSoftmax). Lowered, because not every execution provider has it.</summary>
    /// <param name="Axis">The axis over which the exponentials sum to one.</param>
    public sealed record LogSoftmax(int Axis) : UnaryOperator
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        internal override IReadOnlyList<TensorType> Infer(Inference context) => Axes.Check(context, Axis) ?? base.Infer(context);
    }

    /// <summary>What operators that work along axes share.</summary>
    internal static class Axes
    {
        /// <summary>A fault where the axis does not exist, else null.</summary>
        public static IReadOnlyList<TensorType>? Check(Inference context, params IReadOnlyList<int> axes)
        {
            Shape shape = context.Shape(0);
            foreach (int axis in axes)
            {
                if (axis < -shape.Rank || axis >= shape.Rank)
                {
                    return context.Fault($"`axis` (={axis}) must lie between {-shape.Rank} and {shape.Rank - 1} for the input {shape}.");
                }
            }

            return null;
        }

        /// <summary>The axis counted from the start; one that does not exist stays as it is, to be reported.</summary>
        public static int Normalize(int axis, int rank) => axis < 0 && axis >= -rank ? axis + rank : axis;
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that turn scores into probabilities.</summary>
    public static class SoftmaxLayers
    {
        /// <summary>Probabilities that sum to one along an axis. Losses take the scores before it.</summary>
        /// <param name="input">Scores, [N, classes].</param>
        /// <param name="axis">The axis of the classes; the last by default.</param>
        /// <param name="name">The layer's name; <c>softmax1</c>… by default.</param>
        public static Value Softmax(this Value input, int axis = -1, string? name = null) =>
            input.Apply(new Softmax(axis), Label.For("softmax", name));

        /// <summary>The logarithm of <see cref="Softmax"/>, computed without overflow.</summary>
        /// <param name="input">Scores, [N, classes].</param>
        /// <param name="axis">The axis of the classes; the last by default.</param>
        /// <param name="name">The layer's name; <c>log_softmax1</c>… by default.</param>
        public static Value LogSoftmax(this Value input, int axis = -1, string? name = null) =>
            input.Apply(new LogSoftmax(axis), Label.For("log_softmax", name));
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>Some axes in reverse. A lowering makes it ONNX's Gather, because not every provider slices backwards.</summary>
    /// <param name="FlippedAxes">The axes to turn round, counted from the start.</param>
    public sealed record Flip(int[] FlippedAxes) : Operator
    {
        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape shape = context.Shape(0);
            return Axes.Check(context, FlippedAxes) ?? (FlippedAxes.All(a => shape[a].IsKnown)
                ? [context.Inputs[0]]
                : context.Fault($"only axes of a known size can be turned round, but the input is {shape}."));
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that put axes into another order or turn them round.</summary>
    public static class AxisLayers
    {
        /// <summary>The axes in another order (ONNX Transpose): <c>Transpose([0, 2, 1])</c> swaps the axes of matrices.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="order">For each new axis, the old one.</param>
        /// <param name="name">The layer's name; <c>transpose1</c>… by default.</param>
        public static Value Transpose(this Value input, int[] order, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(order);
            return input.Apply(new Transpose(order), Label.For("transpose", name));
        }

        /// <summary>Some axes in reverse: <c>Flip([3])</c> mirrors pictures left to right.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="axes">The axes to turn round, each of a known size; negative ones count from the end.</param>
        /// <param name="name">The layer's name; <c>flip1</c>… by default.</param>
        public static Value Flip(this Value input, int[] axes, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(axes);
            return input.Apply(new Flip([.. axes.Select(a => Axes.Normalize(a, input.Shape.Rank))]), Label.For("flip", name));
        }

        /// <summary>[N, H, W, C] → [N, C, H, W], the order of every other layer; signals and volumes likewise.</summary>
        /// <param name="input">Pictures whose channels are the last axis, as TensorFlow and many cameras give them.</param>
        /// <param name="name">The layer's name; <c>channels_first1</c>… by default.</param>
        public static Value ToChannelsFirst(this Value input, string? name = null) =>
            Moved(input, rank => [0, rank - 1, .. Enumerable.Range(1, rank - 2)], Label.For("channels_first", name));

        /// <summary>[N, C, H, W] → [N, H, W, C]; signals and volumes likewise.</summary>
        /// <param name="input">Pictures whose channels are the second axis.</param>
        /// <param name="name">The layer's name; <c>channels_last1</c>… by default.</param>
        public static Value ToChannelsLast(this Value input, string? name = null) =>
            Moved(input, rank => [0, .. Enumerable.Range(2, rank - 2), 1], Label.For("channels_last", name));

        internal static Value TransposeBy(this Value input, params int[] order) => Node.Derive(new Transpose(order), "transpose", input);

        private static Value Moved(Value input, Func<int, int[]> order, Label label)
        {
            ArgumentNullException.ThrowIfNull(input);
            int rank = input.Shape.Rank;
            string[] faults = rank >= 3 || input.Type.IsUnknown
                ? []
                : [$"channels move past spatial axes, of which the input {input.Shape} has none."];
            return new Node(new Transpose(rank >= 3 ? order(rank) : []), label, [input], faults).Output;
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>All axes but the first made one: [N, C, H, W] → [N, C·H·W] (ONNX Flatten).</summary>
    public sealed record Flatten : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Flatten", new OnnxAttribute("axis", 1L));

        internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0) is { Rank: > 0 } x && x.Skip(1).All(d => d.IsKnown)
            ? [new TensorType(context.Inputs[0].Element, new Shape(x[0], new Shape(x.Skip(1)).CountPerSample()))]
            : context.Fault($"only a tensor whose axes after the first are known can be flattened, but the input is {context.Shape(0)}.");
    }

    /// <summary>The same elements under another shape (ONNX Reshape). At most one dimension may be a symbol.</summary>
    /// <param name="Target">The new shape.</param>
    public sealed record Reshape(Shape Target) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) =>
            new("Reshape", [], [TensorData.Vector<long>([.. Target.Select(d => d.IsKnown ? d.Size : -1)])]);

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape from = context.Shape(0);
            bool fits = from.CountPerSample() == Target.CountPerSample() && Target.Count(d => !d.IsKnown) <= 1
                && from.Where(d => !d.IsKnown).SequenceEqual(Target.Where(d => !d.IsKnown));
            return fits
                ? [new TensorType(context.Inputs[0].Element, Target)]
                : context.Fault($"{from} ({from.CountPerSample()} elements a sample) cannot be reshaped to {Target} ({Target.CountPerSample()}).");
        }
    }

    /// <summary>The axes in another order (ONNX Transpose).</summary>
    /// <param name="Order">For each new axis, the old one.</param>
    public sealed record Transpose(params int[] Order) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Transpose", OnnxAttribute.Ints("perm", Order));

        internal override IReadOnlyList<TensorType> Infer(Inference context) => Order.Order().SequenceEqual(Enumerable.Range(0, context.Shape(0).Rank))
            ? [new TensorType(context.Inputs[0].Element, new Shape(Order.Select(axis => context.Shape(0)[axis])))]
            : context.Fault($"`order` (={string.Join(",", Order)}) must name each axis of {context.Shape(0)} once.");
    }

    /// <summary>Tensors side by side along an axis (ONNX Concat).</summary>
    /// <param name="Axis">The axis that grows; all others must be equal.</param>
    public sealed record Concat(int Axis) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Concat", new OnnxAttribute("axis", (long)Axis));

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            if (Axes.Check(context, Axis) is { } fault)
            {
                return fault;
            }

            Shape first = context.Shape(0);
            long sum = 0;
            for (int i = 0; i < context.Inputs.Count; i++)
            {
                Shape other = context.Shape(i);
                if (other.Rank != first.Rank || !other.With(Axis, 0).Equals(first.With(Axis, 0)) || !other[Axis].IsKnown)
                {
                    return context.Fault($"{string.Join(" and ", context.Inputs.Select(t => t.Shape))} cannot be joined along axis {Axis}: all other axes must be equal.");
                }

                sum += other[Axis].Size;
            }

            return [new TensorType(context.Inputs[0].Element, first.With(Axis, sum))];
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that change shapes and join branches.</summary>
    public static class ShapeLayers
    {
        /// <summary>[N, C, H, W] → [N, C·H·W], as a dense layer takes it.</summary>
        /// <param name="input">Any tensor with a batch axis.</param>
        /// <param name="name">The layer's name; <c>flatten1</c>… by default.</param>
        public static Value Flatten(this Value input, string? name = null) => input.Apply(new Flatten(), Label.For("flatten", name));

        /// <summary>The elements of each sample under another shape; the batch axis stays.</summary>
        /// <param name="input">[N, …].</param>
        /// <param name="sample">The new shape of one sample, without the batch axis.</param>
        /// <param name="name">The layer's name; <c>reshape1</c>… by default.</param>
        public static Value Reshape(this Value input, int[] sample, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(sample);
            var target = new Shape([input.Shape.Rank > 0 ? input.Shape[0] : 1, .. sample.Select(s => (Dimension)(long)s)]);
            return input.Apply(new Reshape(target), Label.For("reshape", name));
        }

        /// <summary>
        /// Branches side by side along an axis, the channels by default, as at the end of an Inception module (ONNX Concat).
        /// </summary>
        /// <param name="first">The first branch.</param>
        /// <param name="others">The others, equal to the first on all other axes.</param>
        /// <param name="axis">The axis that grows.</param>
        /// <param name="name">The layer's name; <c>concat1</c>… by default.</param>
        public static Value Concat(this Value first, IEnumerable<Value> others, int axis = 1, string? name = null) =>
            new Node(new Concat(axis), Label.For("concat", name), [first, .. others]).Output;

        /// <summary>Branches side by side along the channels.</summary>
        /// <param name="first">The first branch.</param>
        /// <param name="others">The others.</param>
        public static Value Concat(this Value first, params Value[] others) => Concat(first, (IEnumerable<Value>)others);

        /// <summary>The mean of branches, element by element.</summary>
        /// <param name="first">The first branch.</param>
        /// <param name="others">The others, of the same shape or one that broadcasts to it.</param>
        /// <param name="name">The layer's name; <c>average1</c>… by default.</param>
        public static Value Average(this Value first, IEnumerable<Value> others, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(first);
            ArgumentNullException.ThrowIfNull(others);
            Label label = Label.For("average", name);
            using (label.Enter())
            {
                Value[] branches = [first, .. others];
                Value sum = branches.Skip(1).Aggregate(first, (total, branch) => total.Add(branch));
                return new Node(new Mul(), label, [sum, Arithmetic.Number(1.0 / branches.Length, first)]).Output;
            }
        }

        /// <summary>The mean of branches, element by element.</summary>
        /// <param name="first">The first branch.</param>
        /// <param name="others">The others, of the same shape or one that broadcasts to it.</param>
        public static Value Average(this Value first, params Value[] others) => Average(first, (IEnumerable<Value>)others);

        internal static Value ReshapeTo(this Value input, params IEnumerable<Dimension> target) =>
            new Shape(target) is var shape && shape.Equals(input.Shape) ? input : Node.Derive(new Reshape(shape), "reshape", input);
    }
}

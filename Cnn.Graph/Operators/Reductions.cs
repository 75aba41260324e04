using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Several elements made one along some axes.</summary>
/// <param name="ReducedAxes">The axes that go, counted from the start.</param>
/// <param name="KeepDims">Whether they stay with size 1.</param>
public abstract record Reduction(int[] ReducedAxes, bool KeepDims) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        Axes.Check(context, ReducedAxes) ?? [new TensorType(context.Inputs[0].Element, Reduce(context.Shape(0)))];

    /// <summary>The shape that is left.</summary>
    internal Shape Reduce(Shape shape) => new(shape
        .Select((d, i) => (Dim: ReducedAxes.Contains(i) ? 1 : d, Keep: KeepDims || !ReducedAxes.Contains(i)))
        .Where(x => x.Keep).Select(x => x.Dim));

    /// <summary>The shape that is left when reduced axes stay with size 1.</summary>
    internal Shape Kept(Shape shape) => new(shape.Select((d, i) => ReducedAxes.Contains(i) ? 1 : d));

    /// <summary>The form of the operators that still had their axes as an attribute in opset 17.</summary>
    private protected OnnxForm AxesSince18(int opset) => opset < 18
        ? new(Name, OnnxAttribute.Ints("axes", ReducedAxes), new OnnxAttribute("keepdims", KeepDims ? 1L : 0L))
        : AxesAsInput();

    private protected OnnxForm AxesAsInput() => new(
        Name, [new OnnxAttribute("keepdims", KeepDims ? 1L : 0L)], [TensorData.Vector<long>([.. ReducedAxes.Select(a => (long)a)])]);
}

/// <summary>The sum along some axes (ONNX ReduceSum).</summary>
/// <param name="ReducedAxes">The axes that go.</param>
/// <param name="KeepDims">Whether they stay with size 1.</param>
public sealed record ReduceSum(int[] ReducedAxes, bool KeepDims) : Reduction(ReducedAxes, KeepDims)
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => AxesAsInput();
}

/// <summary>The mean along some axes (ONNX ReduceMean).</summary>
/// <param name="ReducedAxes">The axes that go.</param>
/// <param name="KeepDims">Whether they stay with size 1.</param>
public sealed record ReduceMean(int[] ReducedAxes, bool KeepDims) : Reduction(ReducedAxes, KeepDims)
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => AxesSince18(opset);
}

/// <summary>The maximum along some axes (ONNX ReduceMax). It has no gradient here: it only serves to keep exponentials small.</summary>
/// <param name="ReducedAxes">The axes that go.</param>
/// <param name="KeepDims">Whether they stay with size 1.</param>
public sealed record ReduceMax(int[] ReducedAxes, bool KeepDims) : Reduction(ReducedAxes, KeepDims)
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => AxesSince18(opset);
}

/// <summary>Where along an axis the first maximum stands (ONNX ArgMax); the axis goes.</summary>
/// <param name="Axis">The axis.</param>
public sealed record ArgMax(int Axis) : Operator
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => new("ArgMax", new OnnxAttribute("axis", (long)Axis), new OnnxAttribute("keepdims", 0L));

    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        Axes.Check(context, Axis) ?? [new TensorType(ElementType.Int64, new Shape(context.Shape(0).Where((_, i) => i != Axis)))];
}

/// <summary>The first input repeated to the shape of the second, whose numbers do not matter. A lowering turns it into Expand.</summary>
internal sealed record BroadcastLike : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) => Shape.Broadcast(context.Shape(0), context.Shape(1)) is { } shape && shape.Equals(context.Shape(1))
        ? [new TensorType(context.Inputs[0].Element, shape)]
        : context.Fault($"{context.Shape(0)} cannot be repeated to {context.Shape(1)}.");
}

/// <summary>How many elements the input has along some axes, as a scalar of its element type. A constant once the batch is bound.</summary>
/// <param name="CountedAxes">The axes.</param>
internal sealed record ElementCount(int[] CountedAxes) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        Axes.Check(context, CountedAxes) ?? [new TensorType(context.Inputs[0].Element, Shape.Scalar)];
}

/// <summary>The first input repeated to a constant shape (ONNX Expand).</summary>
/// <param name="Target">The shape.</param>
internal sealed record Expand(Shape Target) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Expand", [], [TensorData.Vector<long>(Target.Sizes())]);

    internal override IReadOnlyList<TensorType> Infer(Inference context) => [new TensorType(context.Inputs[0].Element, Target)];
}

/// <summary>The first input repeated to a shape that the second holds at run time (ONNX Expand).</summary>
/// <param name="Target">The shape, as far as it is known.</param>
internal sealed record DynamicExpand(Shape Target) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Expand");

    internal override IReadOnlyList<TensorType> Infer(Inference context) => [new TensorType(context.Inputs[0].Element, Target)];
}

/// <summary>The dimensions of the input at run time, from one axis to another (ONNX Shape, opset 15).</summary>
/// <param name="Start">The first axis.</param>
/// <param name="End">One behind the last.</param>
internal sealed record ShapeOf(int Start, int End) : Operator
{
    public override OnnxForm? Onnx(int opset) => opset < 15 ? null : new("Shape", new OnnxAttribute("start", (long)Start), new OnnxAttribute("end", (long)End));

    internal override IReadOnlyList<TensorType> Infer(Inference context) => [new TensorType(ElementType.Int64, Shape.Of(End - Start))];
}

/// <summary>The elements in another type (ONNX Cast).</summary>
/// <param name="To">The new type.</param>
internal sealed record Cast(ElementType To) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Cast", new OnnxAttribute("to", (long)To));

    internal override IReadOnlyList<TensorType> Infer(Inference context) => [new TensorType(To, context.Shape(0))];
}

/// <summary>Short forms of the reductions, for losses and gradients.</summary>
internal static class ReductionForms
{
    public static Value Max(this Value x, int[] axes, bool keepDims = false) => Node.Derive(new ReduceMax(axes, keepDims), "max", x);

    /// <summary>Axes 0 to rank − 1.</summary>
    public static int[] AllAxes(this Value x) => [.. Enumerable.Range(0, x.Shape.Rank)];

    /// <summary>The batch and all spatial axes.</summary>
    public static int[] AllButChannels(this Value x) => [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => axis != 1)];

    /// <summary>A number for each channel, [C], in the shape that lines up with the channels of another value: [C, 1, 1].</summary>
    public static Value AlongChannels(this Value perChannel, Value like) =>
        perChannel.ReshapeTo([perChannel.Shape[0], .. Enumerable.Repeat((Dimension)1, like.Shape.Rank - 2)]);

    public static Value Like(this Value x, Value like) =>
        x.Shape.Equals(like.Shape) ? x : Node.Derive(new BroadcastLike(), "broadcast", x, like);

    public static Value CountAlong(this Value x, int[] axes) => x.Apply(new ElementCount(axes), Label.For("count"));
}

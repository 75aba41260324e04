using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>The gradient of a convolution with respect to its input; inputs: dY [N, O, H', W'], kernels [O, C/groups, kh, kw].</summary>
/// <param name="Window">The convolution's window.</param>
/// <param name="Groups">The convolution's groups.</param>
/// <param name="InputShape">The shape of the convolution's input, and so of the result; only its batch may be unknown.</param>
internal sealed record ConvInputGradient(Window Window, int Groups, Shape InputShape) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, InputShape.With(0, context.Shape(0)[0]))];
}

/// <summary>The gradient of a convolution with respect to its kernels; inputs: X [N, C, H, W], dY [N, O, H', W'].</summary>
/// <param name="Window">The convolution's window.</param>
/// <param name="Groups">The convolution's groups.</param>
internal sealed record ConvWeightGradient(Window Window, int Groups) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(
            context.Inputs[0].Element,
            new Shape([context.Shape(1)[1], context.Shape(0)[1].Size / Groups, .. Window.Kernel.Select(k => (Dimension)(long)k)]))];
}

/// <summary>
/// The gradient of max pooling, and of pooling by any other rank: dY goes to the first element of each window that equals Y; inputs: X,
/// Y, dY.
/// </summary>
/// <param name="Window">The pooling's window.</param>
internal sealed record MaxPoolGradient(Window Window) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) => [context.Inputs[0]];
}

/// <summary>The gradient of average pooling: dY is spread evenly over each window; input: dY.</summary>
/// <param name="Window">The pooling's window.</param>
/// <param name="CountPadding">Whether added zeros counted as elements.</param>
/// <param name="InputShape">The shape of the pooling's input, and so of the result; only its batch may be unknown.</param>
internal sealed record AveragePoolGradient(Window Window, bool CountPadding, Shape InputShape) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, InputShape.With(0, context.Shape(0)[0]))];
}

/// <summary>
/// The gradient of stochastic pooling; inputs: X, Y, dY, and in training the random numbers with which the elements were drawn.
/// </summary>
/// <param name="Pool">The pooling, the same object, so that in training both get the same numbers.</param>
internal sealed record StochasticPoolGradient(StochasticPool Pool) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) => [context.Inputs[0]];
}

/// <summary>Elements put back where a slice took them, zeros elsewhere; input: dY.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="InputShape">The shape of the slice's input, and so of the result; only its batch may be unknown.</param>
internal sealed record SliceGradient(Slice Slice, Shape InputShape) : Operator
{
    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, Slice.SlicedAxes.Contains(0) ? InputShape : InputShape.With(0, context.Shape(0)[0]))];
}

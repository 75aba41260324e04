using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>The gradients of a convolution in ai.onnx operators.</summary>
internal static class ConvolutionForms
{
    /// <summary>dX: the adjoint convolution of dY with the same kernels.</summary>
    public static Value InputGradient(ConvInputGradient op, Value dy, Value weights) =>
        Transposed(ConvTranspose.Adjoint(op.Window, op.Groups, op.InputShape), "input", dy, weights);

    /// <summary>A transposed convolution of pictures with kernels.</summary>
    public static Value Transposed(ConvTranspose op, string kind, Value x, Value weights) =>
        op.Window.Rank == 1 ? OfSignals(op, [x, weights]) : Node.Derive(op, kind, [x, weights]);

    /// <summary>A transposed convolution of signals as one of pictures of one row.</summary>
    public static Value OfSignals(ConvTranspose op, IReadOnlyList<Value> inputs)
    {
        Window w = op.Window;
        var row = new Window([1, .. w.Kernel], [1, .. w.Stride], [1, .. w.Dilation], [0, .. w.PadBegin], [0, .. w.PadEnd]);
        Value[] rows = [.. inputs.Take(2).Select(i => i.ReshapeTo(i.Shape[0], i.Shape[1], 1, i.Shape[2]))];
        Value y = Node.Derive(new ConvTranspose(row, op.Groups, [0, .. op.OutputPadding]), "rows", [.. rows, .. inputs.Skip(2)]);
        return y.ReshapeTo(y.Shape[0], y.Shape[1], y.Shape[3]);
    }

    /// <summary>
    /// dW: dY times the transposed columns of X, one matrix product a sample and group, summed over the batch.
    /// </summary>
    public static Value WeightGradient(ConvWeightGradient op, Value x, Value dy)
    {
        long groups = op.Groups, channels = x.Shape[1].Size, outputs = dy.Shape[1].Size;
        long rows = channels / groups * op.Window.Taps;
        long positions = new Shape(dy.Shape.Skip(2)).CountPerSample();
        Dimension batch = x.Shape[0];
        Value columns = Columns.Of(x, op.Window).ReshapeTo(batch, groups, rows, positions);
        Value errors = dy.ReshapeTo(batch, groups, outputs / groups, positions);
        Value products = Node.Derive(new MatMul(), "products", [errors, columns.TransposeBy(0, 1, 3, 2)]);
        return products.Sum([0]).ReshapeTo([outputs, channels / groups, .. op.Window.Kernel.Select(k => (Dimension)(long)k)]);
    }
}

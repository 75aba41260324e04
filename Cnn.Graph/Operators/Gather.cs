using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Chosen rows of an axis, in a chosen order and shape (ONNX Gather).</summary>
/// <param name="Rows">The rows' numbers, row-major.</param>
/// <param name="Dims">The shape in which they are put; it replaces the axis.</param>
/// <param name="Axis">The axis, counted from the start.</param>
internal sealed record Gather(long[] Rows, long[] Dims, int Axis = 0) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Gather", [new OnnxAttribute("axis", (long)Axis)], [TensorData.Of<long>(Rows, Dims)]);

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape x = context.Shape(0);
        var shape = new Shape([.. x.Take(Axis), .. Dims.Select(d => (Dimension)d), .. x.Skip(Axis + 1)]);
        return [new TensorType(context.Inputs[0].Element, shape)];
    }
}

using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Chosen rows of the first axis, in a chosen order and shape (ONNX Gather, axis 0).</summary>
/// <param name="Rows">The rows' numbers, row-major.</param>
/// <param name="Dims">The shape in which they are put; it replaces the first axis.</param>
internal sealed record Gather(long[] Rows, long[] Dims) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Gather", [new OnnxAttribute("axis", 0L)], [TensorData.Of<long>(Rows, Dims)]);

    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, new Shape([.. Dims.Select(d => (Dimension)d), .. context.Shape(0).Skip(1)]))];
}

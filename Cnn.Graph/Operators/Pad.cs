using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Zeros before and behind each axis (ONNX Pad, mode constant).</summary>
/// <param name="Amounts">The elements added before each axis, then those added behind each axis.</param>
internal sealed record Pad(long[] Amounts) : Operator
{
    public override OnnxForm Onnx(int opset) => new("Pad", [new OnnxAttribute("mode", "constant")], [TensorData.Vector<long>(Amounts)]);

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape x = context.Shape(0);
        return [new TensorType(
            context.Inputs[0].Element,
            new Shape(x.Select((d, i) => Amounts[i] + Amounts[i + x.Rank] is var more && more == 0 ? d : d.Size + more)))];
    }
}

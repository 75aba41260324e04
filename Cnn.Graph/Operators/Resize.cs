using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Every pixel repeated to a block of pixels (ONNX Resize, nearest neighbour, whole factors).</summary>
/// <param name="Factors">For each axis, how often an element is repeated.</param>
internal sealed record Repeat(params int[] Factors) : Operator
{
    public override string Name => "Resize";

    public override OnnxForm Onnx(int opset) => new(
        "Resize",
        [
            new OnnxAttribute("coordinate_transformation_mode", "asymmetric"),
            new OnnxAttribute("mode", "nearest"),
            new OnnxAttribute("nearest_mode", "floor"),
        ],
        [null, TensorData.Vector<float>([.. Factors.Select(f => (float)f)])]);

    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, new Shape(context.Shape(0).Select((d, i) => Factors[i] == 1 ? d : d.Size * Factors[i])))];
}

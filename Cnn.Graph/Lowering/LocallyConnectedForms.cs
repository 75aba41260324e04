using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Locally connected layers in ai.onnx operators.</summary>
internal static class LocallyConnectedForms
{
    /// <summary>A matrix product for each position, kernels times columns.</summary>
    public static Value Forward(LocallyConnected op, IReadOnlyList<Value> inputs, Shape y)
    {
        Value columns = LocallyConnected.ByPosition(Columns.Of(inputs[0], op.Window));
        Value products = Node.Derive(new MatMul(), "products", [op.Matrices(inputs[1]), columns]);
        Value pictures = LocallyConnected.ToPictures(products, y);
        return inputs.Count == 3 ? pictures + inputs[2] : pictures;
    }
}

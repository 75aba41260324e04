using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>What layers cost.</summary>
internal static class Cost
{
    /// <summary>Multiply-accumulates for one sample.</summary>
    public static long Macs(Node node) => node.Op switch
    {
        Conv or LocallyConnected => node.Output.Shape.CountPerSample() * new Shape(node.Inputs[1].Shape.Skip(1)).CountPerSample(),
        ConvTranspose => node.Inputs[0].Shape.CountPerSample() * new Shape(node.Inputs[1].Shape.Skip(1)).CountPerSample(),
        Gemm or MatMul => node.Output.Shape.CountPerSample() * node.Inputs[0].Shape[^1].Size,
        _ => 0,
    };
}

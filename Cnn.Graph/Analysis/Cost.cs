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

    /// <summary>
    /// Connections for one sample as LeCun et al. (1998) count them: each input of each unit that has weights or pools, and one for a bias.
    /// Where kernels have zeros for what is not connected, only the rest counts.
    /// </summary>
    public static long Connections(Node node)
    {
        long units = node.Output.Shape.CountPerSample();
        long inputs = node.Op switch
        {
            Conv => Macs(node) / node.Inputs[1].Shape.CountPerSample() * Placed(node.Inputs[1]),
            Pool op => units * op.Window.Taps,
            GlobalPool => node.Inputs[0].Shape.CountPerSample(),
            RadialBasis => units * node.Inputs[1].Shape[1].Size,
            _ => Macs(node),
        };
        bool isBiased = node.Op is Conv or LocallyConnected or ConvTranspose or Gemm
            ? node.Inputs.Count > 2
            : node.Inputs.Any(i => i is Parameter { Role: ParameterRole.Bias });
        return inputs + (isBiased ? units : 0);
    }

    /// <summary>
    /// The parameters that a layer multiplies or adds, also where its kernels are computed from them; none where they depend on an input.
    /// </summary>
    public static IEnumerable<Parameter> Weights(Node node)
    {
        List<Value> leaves = Traversal.Leaves(node.Inputs.Skip(1));
        return leaves.Any(leaf => leaf is Input) ? [] : leaves.OfType<Parameter>();
    }

    /// <summary>How many of the kernels' numbers are not zeros that stand for no connection.</summary>
    private static long Placed(Value kernels) => kernels.Producer is { Op: Reshape or Flip or Rearrange } source
        ? source.Op is Rearrange op
            ? Placed(source.Inputs[0]) / source.Inputs[0].Shape[op.Axis].Size * op.Sources.Count(s => s >= 0)
            : Placed(source.Inputs[0])
        : kernels.Shape.CountPerSample();
}

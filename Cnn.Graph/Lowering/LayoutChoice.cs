using Cnn.Graph.Ir;
using Cnn.Graph.Lowering.BatchLast;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Which layout of tensors suits a network on a device.</summary>
internal static class LayoutChoice
{
    /// <summary>
    /// Above this many bytes of columns, all convolutions together, the blocked convolutions of ONNX Runtime are the better choice:
    /// they do not write columns to memory.
    /// </summary>
    private const long MostColumnBytes = 64 << 20;

    /// <summary>
    /// Whether the batch should lie as the last axis: on a CPU, for small networks whose convolutions and pools all have a form for it.
    /// The choice depends on shapes only, never on a measurement, so that the same command gives the same bits.
    /// </summary>
    /// <param name="network">A network for batches of one size.</param>
    /// <param name="device">The device that it is to run on.</param>
    public static bool IsBatchLast(Network network, Device device)
    {
        if (device is not CpuDevice || network.Inputs.Count != 1 || !network.Inputs[0].Shape.IsStatic)
        {
            return false;
        }

        long bytes = 0;
        foreach (Node node in network.Nodes)
        {
            switch (node.Op)
            {
                case Conv conv when ConvolutionRules.IsSimple(conv.Window, conv.Groups):
                    bytes += sizeof(float) * node.Inputs[0].Shape[1].Size * conv.Window.Taps * (node.Output.Shape.CountPerSample() / node.Output.Shape[1].Size);
                    break;
                case Conv:
                case Pool when Phases.TileOf(node) is null:
                    return false;
            }
        }

        return bytes is > 0 and <= MostColumnBytes;
    }
}

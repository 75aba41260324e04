using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>
/// Finds convolutions that are followed, through activations only, by pooling in tiles. Such a convolution is computed phase by phase:
/// p² shifted copies of its kernels, written into windows of (k + p − 1)² pixels that move by p pixels, give the p² pixels of each tile.
/// The columns are p² times fewer, and the pooling moves no data.
/// </summary>
internal static class Phases
{
    public static IReadOnlyDictionary<Node, int> Of(IReadOnlyList<Node> nodes)
    {
        var phases = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        foreach (Node node in nodes)
        {
            if (TileOf(node) is { } tile && SourceOf(node.Inputs[0]) is { } convolution)
            {
                phases[convolution] = tile;
            }
        }

        return phases;
    }

    /// <summary>The side of the tiles of a node that pools in tiles, else null.</summary>
    public static int? TileOf(Node node) => node.Op is MaxPool or AveragePool ? Tile(((Pool)node.Op).Window, node.Inputs[0].Shape) : null;

    /// <summary>
    /// The side of a pool's square tiles where they cover the picture exactly, else null. Kernels are written out for every pixel of a
    /// tile, so large tiles are not worth it.
    /// </summary>
    public static int? Tile(Window window, Shape picture) =>
        window is { IsTiling: true, Rank: 2 } && window.Kernel[0] == window.Kernel[1] && window.Kernel[0] is > 1 and <= 4
            && picture[2].Size % window.Kernel[0] == 0 && picture[3].Size % window.Kernel[1] == 0
            ? window.Kernel[0]
            : null;

    private static Node? SourceOf(Value value)
    {
        Node? node = value.Producer;
        while (node is { Op: Relu or LeakyRelu or Sigmoid or Tanh })
        {
            node = node.Inputs[0].Producer;
        }

        return node is { Op: Conv conv } && ConvolutionRules.IsSimple(conv.Window, conv.Groups) ? node : null;
    }
}

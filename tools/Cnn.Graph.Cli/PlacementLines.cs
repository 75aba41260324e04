using Cnn.Graph.Runtime;

namespace Cnn.Graph.Cli;

/// <summary>Where nodes ran, a line for each part of ONNX Runtime.</summary>
internal static class PlacementLines
{
    public static void Write(TextWriter output, IReadOnlyList<NodePlacement> placement)
    {
        foreach (IGrouping<string, NodePlacement> provider in placement.GroupBy(p => p.Provider))
        {
            output.WriteLine($"placement {provider.Key}: {string.Join(", ", provider.CountBy(p => p.Operator).Select(o => $"{o.Key} {o.Value}"))}");
        }
    }
}

namespace Cnn.Graph.Ir;

/// <summary>A graph does not fit together. The message lists every fault, each with the layer's name.</summary>
public sealed class GraphException : CnnGraphException
{
    /// <summary>Creates the error.</summary>
    /// <param name="graph">The name of the graph.</param>
    /// <param name="faults">Every fault, one line each.</param>
    public GraphException(string graph, IReadOnlyList<string> faults)
        : base(Compose(graph, faults)) => Faults = faults;

    /// <summary>Every fault, one line each.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Compose(string graph, IReadOnlyList<string> faults) => faults.Count == 1
        ? $"'{graph}' does not fit together: {faults[0]}"
        : $"'{graph}' does not fit together; {faults.Count} faults:{string.Concat(faults.Select(f => $"\n  - {f}"))}";
}

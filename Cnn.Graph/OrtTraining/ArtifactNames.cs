using Cnn.Graph.Building;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// What the variables of a network are called in its artifacts. It follows from the network alone, so that models and checkpoint agree and
/// a checkpoint finds its way back.
/// </summary>
internal static class ArtifactNames
{
    /// <summary>By the name here: parameters, statistics, and what layers keep beside their statistics.</summary>
    public static IReadOnlyDictionary<string, string> Of(Network network)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return network.Variables.Concat(network.ForTraining().Updates.Select(u => u.Variable)).Select(v => v.Name).Distinct()
            .ToDictionary(name => name, name => GraphEncoder.Unique(taken, GraphEncoder.Identifier(name)));
    }
}

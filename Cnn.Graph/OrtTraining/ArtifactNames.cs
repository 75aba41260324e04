using Cnn.Graph.Building;
using Cnn.Graph.Onnx;
using Cnn.Graph.Training;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// What the variables of a network are called in its artifacts. It follows from the network alone, so that models and checkpoint agree and
/// a checkpoint finds its way back.
/// </summary>
internal static class ArtifactNames
{
    /// <summary>The input by which the runtime has gradients begin anew.</summary>
    public const string Reset = "lazy_reset_grad";

    /// <summary>By the name here: parameters, statistics, and what layers keep beside their statistics.</summary>
    public static IReadOnlyDictionary<string, string> Of(Network network)
    {
        string[] fed = [.. network.Inputs.Select(i => GraphEncoder.Identifier(i.Name)), "label", "target", Reset];
        IEnumerable<string> given = network.Outputs.Select((_, i) => Model.OutputName(i));
        var taken = new HashSet<string>([.. fed, .. given, TrainModel.LossOutput, TrainModel.CorrectOutput], StringComparer.Ordinal);
        return network.Variables.Concat(network.ForTraining().Updates.Select(u => u.Variable)).Select(v => v.Name).Distinct()
            .ToDictionary(name => name, name => GraphEncoder.Unique(taken, GraphEncoder.Identifier(name)));
    }
}

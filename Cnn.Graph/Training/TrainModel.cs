using System.Text.Json;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Lowering.BatchLast;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Training;

/// <summary>
/// The train-step model: a training step written down as one ordinary ONNX model that any runtime can run. Its inputs are the batch, the
/// target, the learning rate, noise such as dropout masks, and one per variable; its outputs the loss, the number of right answers, and
/// one per variable, called like it with <c>_next</c>. The metadata <c>cnn.graph.updates</c> maps inputs to the outputs that replace them.
/// </summary>
internal sealed class TrainModel
{
    public const string LossOutput = "loss";
    public const string CorrectOutput = "correct";
    public const string UpdatesKey = Model.MetadataPrefix + "updates";

    private TrainModel(TrainGraph graph, OnnxModel onnx, IReadOnlyDictionary<Value, string> names)
    {
        Graph = graph;
        Onnx = onnx;
        Names = names;
    }

    public TrainGraph Graph { get; }

    public OnnxModel Onnx { get; }

    /// <summary>The names of inputs and variables in the model.</summary>
    public IReadOnlyDictionary<Value, string> Names { get; }

    public static string NextName(string variable) => variable + "_next";

    /// <param name="network">The network; its batch may be bound or not.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="opset">The ai.onnx operator set.</param>
    /// <param name="batchLast">Whether tensors lie with the batch as the last axis, which suits CPUs; only for a bound batch.</param>
    /// <param name="limits">What the device lacks; nothing by default.</param>
    /// <param name="lossScale">For products in 16 bits: what the loss is multiplied by at first; null for 32 bits.</param>
    public static TrainModel Of(
        Network network,
        Loss loss,
        Optimizer optimizer,
        int opset = Model.DefaultOpset,
        bool batchLast = false,
        DeviceLimits? limits = null,
        double? lossScale = null)
    {
        limits?.Require(network);
        TrainGraph graph = TrainGraph.Of(network, loss, optimizer, lossScale);
        IReadOnlyList<Value> values = [graph.Loss, .. graph.Correct is null ? [] : new[] { graph.Correct }, .. graph.Updates.Select(u => u.Next)];
        if (batchLast)
        {
            values = BatchLastLayout.Apply(values, network.Inputs[0].Shape[0].Size);
        }

        IReadOnlyList<Value> lowered = PortableDialect.Instance.Lower(values, opset, limits);
        if (lossScale is not null)
        {
            lowered = HalfPrecision.Apply(lowered);
        }

        var encoder = new GraphEncoder($"{network.Name} train step", opset);
        foreach (Value input in graph.Inputs.Concat<Value>(graph.Variables).Concat(graph.Frozen))
        {
            encoder.AddInput(input);
        }

        encoder.AddOutput(LossOutput, lowered[0]);
        int next = 1;
        if (graph.Correct is not null)
        {
            encoder.AddOutput(CorrectOutput, lowered[next++]);
        }

        var updates = new Dictionary<string, string>();
        foreach (Variable variable in graph.Variables)
        {
            string name = encoder.NameOf(variable);
            updates[name] = NextName(name);
            encoder.AddOutput(NextName(name), lowered[next++]);
        }

        OnnxModel onnx = encoder.Finish(new Dictionary<string, string> { [UpdatesKey] = JsonSerializer.Serialize(updates) });
        return new TrainModel(graph, onnx, graph.Inputs.Concat<Value>(graph.Variables).Concat(graph.Frozen).ToDictionary(v => v, encoder.NameOf));
    }
}

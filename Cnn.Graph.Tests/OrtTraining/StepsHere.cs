using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>A training here, with all that it takes to do the same in ONNX Runtime Training.</summary>
internal sealed class StepsHere : IDisposable
{
    private const int DifferentBatches = 3;
    private readonly Network _network;
    private readonly TrainingArtifactOptions _options;
    private readonly int _batch;
    private readonly StepRun _run;

    public StepsHere(Network network, Loss loss, Optimizer optimizer, int batch = 16)
    {
        (_network, _batch) = (network, batch);
        _options = new TrainingArtifactOptions { Loss = loss, Optimizer = optimizer, IsRateFixed = true, IsNoiseFed = true };
        _run = new StepRun(network, loss, optimizer, seed: 1);
        Start = Model.Initialize(network, seed: 1);
    }

    /// <summary>The numbers before the first step.</summary>
    public Model Start { get; }

    /// <summary>The network with its present numbers.</summary>
    public Model Model => new(_network, _network.Variables.ToDictionary(v => v.Name, v => _run[v]));

    /// <summary>The loss of every step.</summary>
    public List<float> Losses { get; } = [];

    /// <summary>What every step was fed, by the names of the artifacts' inputs.</summary>
    public List<Dictionary<string, TensorData>> Feeds { get; } = [];

    /// <summary>A batch without noise.</summary>
    public Dictionary<string, TensorData> FirstBatch => Feeds[0].Where(f => f.Key is "image" or "label").ToDictionary();

    /// <summary>The artifacts for going on from the present state.</summary>
    public TrainingArtifacts Artifacts(bool isRateFixed = true) => TrainingArtifacts.Of(
        _network,
        _run.Graph.Variables.Concat(_run.Graph.Frozen).ToDictionary(v => v.Name, v => _run[v]),
        Losses.Count,
        _options with { IsRateFixed = isRateFixed },
        new ModelCard { Normalization = Normalization.Mnist, LabelNames = ["a", "ß"] });

    public void Train(int steps)
    {
        for (int s = 0; s < steps; s++)
        {
            int number = Losses.Count % DifferentBatches;
            TensorData images = Tensors.Uniform($"images {number}", [_batch, .. _network.Inputs[0].Shape.Skip(1).Select(d => d.Size)]);
            long classes = _network.Outputs[0].Shape[1].Size;
            TensorData labels = TensorData.Vector<long>([.. Enumerable.Range(0, _batch).Select(i => ((i * 7L) + number) % classes)]);
            Losses.Add(_run.Step(images, labels, (float)_options.Optimizer.LearningRate));
            Feeds.Add(_run.Fed.ToDictionary(f => GraphEncoder.Identifier(f.Input.Name), f => f.Data));
        }
    }

    /// <summary>The loss of the network as it is used.</summary>
    public float LossInUse(Model model)
    {
        var graph = LossGraph.ForUse(_network, _options.Loss);
        (Value, TensorData)[] feeds =
        [
            .. _network.Variables.Select(v => ((Value)v, model.Weights[v.Name])), .. graph.Data.Select(i => ((Value)i, Feeds[0][i.Name])),
        ];
        return GraphRunner.Evaluate(graph.Loss, feeds)[0];
    }

    /// <summary>
    /// Losses, parameters, statistics and the loss in use agree with those of the last steps here, and something was learnt.
    /// </summary>
    public void AssertAlike(OrtRun run) => Assert.Multiple(() =>
    {
        Model end = Model;
        float inUse = LossInUse(end);
        Assert.That(inUse, Is.LessThan(0.99 * LossInUse(Start)), "nothing was learnt");
        Assert.That(run.Eval["loss"].Floats()[0], Is.EqualTo(inUse).Within(1e-4), "loss in use");
        Assert.That(run.Losses, Is.EqualTo(Losses.TakeLast(run.Losses.Length)).Within(1e-4));
        foreach ((string name, TensorData data) in end.Weights)
        {
            Assert.That(Tensors.Error(run.Variables[GraphEncoder.Identifier(name)].Floats(), data.Floats()), Is.LessThan(1e-4), name);
        }
    });

    public void Dispose() => _run.Dispose();
}

using Cnn.Graph.Data;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Bench;

/// <summary>Steps of training, as <see cref="Trainer"/> does them.</summary>
internal sealed class TrainBench : IStepBench
{
    // The pictures are noise: a rate that hardly learns keeps the numbers in an ordinary range, which arithmetic speed depends on.
    private const float LearningRate = 1e-4f;

    private readonly StepEngine _engine;
    private readonly BatchFiller _filler;
    private readonly int[] _indices;
    private long _step;

    public TrainBench(Network network, TrainingOptions options, ImageDataset pictures, Device device)
    {
        _filler = new BatchFiller(pictures, Normalization.Of(pictures));
        _indices = [.. Enumerable.Range(0, pictures.Count)];
        _engine = new StepEngine(network, options, device);
        _engine.Start(Model.Initialize(network), seed: 0);
    }

    public void Step() => _engine.Step(_filler, _indices, LearningRate, _step++);

    public void Dispose() => _engine.Dispose();
}

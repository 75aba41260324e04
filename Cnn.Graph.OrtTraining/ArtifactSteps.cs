using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Operators;
using Cnn.Graph.Randomness;
using Cnn.Graph.Training;

namespace Cnn.Graph.OrtTraining;

/// <summary>Steps and measurements with loaded artifacts, on samples of a set.</summary>
internal sealed class ArtifactSteps : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly ITrainingRuntime _runtime;
    private readonly CounterRandom _noise;
    private readonly Dictionary<int, BatchFeeds> _feeds = [];
    private readonly bool _isNoiseFed;
    private bool _isDisposed;

    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="load">Loads the artifacts.</param>
    /// <exception cref="CnnGraphException">The artifacts ask for something else than network and options give.</exception>
    public ArtifactSteps(Network network, TrainingOptions options, Func<ITrainingRuntime> load)
    {
        (_network, _options, _noise) = (network, options, StepFeeds.NoiseOf(options.Seed));
        BatchFeeds feeds = FeedsFor(1);
        _runtime = load();
        _isNoiseFed = _runtime.Inputs.Count > feeds.Data.Count;
        string[] given = [.. Fed(feeds).Select(f => f.Name)];
        if (!_runtime.Inputs.SequenceEqual(given))
        {
            string asked = string.Join(", ", _runtime.Inputs);
            _runtime.Dispose();
            throw new CnnGraphException(
                $"The training model asks for {asked}, but '{network.Name}' has {string.Join(", ", given)} to give. " +
                "Name the loss and the optimizer with which the artifacts were made.");
        }
    }

    /// <param name="filler">The set.</param>
    /// <param name="samples">Which of its samples.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="step">How many batches were trained before, which decides the noise and whether the parameters move.</param>
    public (float Loss, long? Correct) Train(BatchFiller filler, ReadOnlySpan<int> samples, double learningRate, long step)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        BatchFeeds feeds = FeedsFor(samples.Length);
        feeds.Fill(filler, samples);
        if (_isNoiseFed)
        {
            feeds.Draw(_noise, step);
        }

        IReadOnlyDictionary<string, float[]> results = _runtime.TrainStep(Fed(feeds));
        if ((step + 1) % _options.Optimizer.AccumulationSteps == 0)
        {
            _runtime.OptimizerStep((float)learningRate);
        }

        long? correct = results.TryGetValue(TrainModel.CorrectOutput, out float[]? counted) ? (long)counted[0] : null;
        return (results[TrainModel.LossOutput][0], correct);
    }

    public EvaluationResult Evaluate(BatchFiller filler, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var tally = new ScoreTally(_network.Outputs[0].Producer?.Op is Softmax);
        foreach (ReadOnlyMemory<int> batch in new BatchPlan(filler.Dataset.Count, _options.BatchSize, SampleOrder.File).Batches(epoch: 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            BatchFeeds feeds = FeedsFor(batch.Length);
            feeds.Fill(filler, batch.Span);
            float[] scores = _runtime.EvalStep(feeds.Data)[Model.OutputName(0)];
            tally.Add(scores, feeds.Labels, scores.Length / batch.Length);
        }

        return tally.Result;
    }

    /// <summary>Writes a checkpoint with the optimiser's state.</summary>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _runtime.Save(path);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _runtime.Dispose();
        }
    }

    private IReadOnlyList<Feed> Fed(BatchFeeds feeds) => _isNoiseFed ? feeds.WithNoise : feeds.Data;

    private BatchFeeds FeedsFor(int batch) =>
        _feeds.TryGetValue(batch, out BatchFeeds? feeds) ? feeds : _feeds[batch] = new BatchFeeds(_network, _options, batch);
}

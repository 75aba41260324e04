using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Randomness;
using Cnn.Graph.Training;

namespace Cnn.Graph.OrtTraining;

/// <summary>What a batch of one size is fed as: pictures, labels, and noise where the training model does not draw it itself.</summary>
internal sealed class BatchFeeds
{
    private readonly float[] _images;
    private readonly long[] _labels;
    private readonly float[] _targets = [];
    private readonly List<(Input Input, float[] Numbers)> _noise = [];
    private readonly List<Feed> _data = [], _all;

    public BatchFeeds(Network network, TrainingOptions options, int batch)
    {
        LossGraph graph = LossGraph.ForTraining(network.WithBatch(batch), options.Loss, options.Optimizer);
        (_images, _labels) = ([], new long[batch]);
        foreach (Input input in graph.Data)
        {
            long[] dims = input.Shape.Sizes();
            Array numbers = input switch
            {
                { Kind: InputKind.Target, Type.Element: ElementType.Int64 } => _labels,
                { Kind: InputKind.Target } => _targets = new float[TensorData.CountOf(dims)],
                _ => _images = new float[TensorData.CountOf(dims)],
            };
            _data.Add(new Feed(GraphEncoder.Identifier(input.Name), numbers, dims));
        }

        _all = [.. _data];
        foreach (Input input in graph.Noise)
        {
            long[] dims = input.Shape.Sizes();
            var numbers = new float[TensorData.CountOf(dims)];
            _noise.Add((input, numbers));
            _all.Add(new Feed(GraphEncoder.Identifier(input.Name), numbers, dims));
        }
    }

    /// <summary>The batch and its target.</summary>
    public IReadOnlyList<Feed> Data => _data;

    /// <summary>The same with noise.</summary>
    public IReadOnlyList<Feed> WithNoise => _all;

    public ReadOnlySpan<long> Labels => _labels;

    public void Fill(BatchFiller filler, ReadOnlySpan<int> samples)
    {
        filler.Fill(samples, _images, _labels);
        if (_targets.Length > 0)
        {
            StepFeeds.FillTargets(_targets, _labels);
        }
    }

    public void Draw(CounterRandom noise, long step) => _noise.ForEach(n => StepFeeds.Draw(n.Input, n.Numbers, noise, step));
}

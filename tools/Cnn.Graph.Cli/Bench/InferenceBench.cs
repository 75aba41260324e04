using Cnn.Graph.Data;
using Cnn.Graph.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Cli.Bench;

/// <summary>Runs of the model for inference, the batch pinned.</summary>
internal sealed class InferenceBench : IStepBench
{
    private readonly BatchFiller _filler;
    private readonly int[] _indices;
    private readonly float[] _images;
    private readonly long[] _labels;
    private readonly DeviceSession _session;
    private readonly OrtValue _input;
    private readonly RunOptions _options = new();

    public InferenceBench(Network network, ImageDataset pictures, Device device)
    {
        _filler = new BatchFiller(pictures, Normalization.Of(pictures));
        _indices = [.. Enumerable.Range(0, pictures.Count)];
        _images = new float[pictures.Count * pictures.ImageSize];
        _labels = new long[pictures.Count];
        _session = new DeviceSession(Model.Initialize(network.WithBatch(pictures.Count)).ToOnnx().ToBytes(), device);
        _input = OrtValue.CreateTensorValueFromMemory(_images, [pictures.Count, pictures.Channels, pictures.Height, pictures.Width]);
    }

    public void Step()
    {
        _filler.Fill(_indices, _images, _labels);
        InferenceSession session = _session.Session;
        using var results = _session.Run("a step of the bench", _options, session.InputNames, [_input], session.OutputNames);
    }

    public void Dispose()
    {
        _options.Dispose();
        _input.Dispose();
        _session.Dispose();
    }
}

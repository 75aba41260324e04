using Cnn.Graph.Data;
using Cnn.Graph.Onnx;
using Cnn.Graph.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Evaluation;

/// <summary>How well a classifier answers.</summary>
/// <param name="Samples">The number of pictures.</param>
/// <param name="Accuracy">The share whose highest score is the right class's.</param>
/// <param name="Top5">The share whose right class is among the five highest scores.</param>
/// <param name="Loss">The mean of −log p(right class).</param>
public sealed record EvaluationResult(int Samples, double Accuracy, double Top5, double Loss);

/// <summary>
/// Runs an exported classifier over labelled pictures in ONNX Runtime. Any ONNX model will do that maps [N, C, H, W] to scores [N,
/// classes].
/// </summary>
public sealed class Evaluator : IDisposable
{
    private readonly DeviceSession _session;
    private readonly string _input;
    private readonly string _output;
    private readonly IReadOnlyList<long> _inputDims;
    private readonly bool _isProbability;

    /// <summary>Loads a model onto a device.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <param name="allowCpuFallback">
    /// Whether nodes that the device cannot run may run on the CPU; by default they are an error that names them.
    /// </param>
    /// <exception cref="CnnGraphException">The model is no picture classifier, or the device cannot run it.</exception>
    public Evaluator(OnnxModel model, Device device, bool allowCpuFallback = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stored = model.Initializers.Select(i => i.Name).ToHashSet();
        OnnxValue[] inputs = [.. model.Inputs.Where(i => !stored.Contains(i.Name))];
        if (inputs.Length != 1 || inputs[0].Dims is not { Count: 4 } || model.Outputs.Count == 0)
        {
            throw new CnnGraphException(
                "The model is no picture classifier: one input [N, channels, height, width] and an output of scores are needed, " +
                $"but it takes {string.Join(", ", inputs.Select(i => i.ToString()))} and gives {string.Join(", ", model.Outputs.Select(o => o.ToString()))}.");
        }

        (_input, _output) = (inputs[0].Name, model.Outputs[0].Name);
        _inputDims = [.. inputs[0].Dims!.Select(d => d.Size ?? -1)];
        _isProbability = model.Nodes.Any(n => n.OpType == "Softmax" && n.Outputs.Contains(_output));
        _session = new DeviceSession(model.ToWholeBytes(), Devices.Resolve(device), allowCpuFallback);
    }

    /// <summary>Measures the model on a set.</summary>
    /// <param name="dataset">Labelled pictures of the size that the model takes.</param>
    /// <param name="normalization">How pixels become inputs.</param>
    /// <param name="batchSize">Pictures a run.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="CnnGraphException">The pictures or classes do not fit the model.</exception>
    public EvaluationResult Evaluate(
        ImageDataset dataset, Normalization normalization, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        RequireFit(dataset);
        var filler = new BatchFiller(dataset, normalization);
        batchSize = _inputDims[0] > 0 ? (int)_inputDims[0] : batchSize;
        var images = new float[batchSize * dataset.ImageSize];
        var labels = new long[batchSize];
        int[] order = [.. Enumerable.Range(0, dataset.Count)];
        var tally = new ScoreTally(_isProbability);
        using var options = new RunOptions();
        for (int start = 0; start < dataset.Count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, dataset.Count - start);
            filler.Fill(order.AsSpan(start, count), images, labels);
            // A model for one batch size gets a full last batch; what is too much is not looked at.
            int fed = _inputDims[0] > 0 ? batchSize : count;
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, images.AsMemory(0, fed * dataset.ImageSize), [fed, dataset.Channels, dataset.Height, dataset.Width]);
            using var results = _session.Run($"the answers to {fed} pictures", options, [_input], [input], [_output]);
            ReadOnlySpan<float> scores = results[0].GetTensorDataAsSpan<float>();
            int classes = scores.Length / fed;
            RequireClasses(dataset, classes);
            tally.Add(scores, labels.AsSpan(0, count), classes);
        }

        return tally.Result;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void RequireFit(ImageDataset dataset)
    {
        long[] sample = [dataset.Channels, dataset.Height, dataset.Width];
        if (dataset.Count == 0 || _inputDims.Skip(1).Zip(sample).Any(p => p.First >= 0 && p.First != p.Second))
        {
            throw new CnnGraphException(
                $"The model takes pictures of {string.Join("x", _inputDims.Skip(1).Select(d => d < 0 ? "any" : $"{d}"))}, " +
                $"but '{dataset.Name}' has {dataset.Count} of {string.Join("x", sample)}.");
        }
    }

    private static void RequireClasses(ImageDataset dataset, int classes)
    {
        if (classes < dataset.ClassCount)
        {
            throw new CnnGraphException($"The model tells {classes} classes apart, but '{dataset.Name}' has {dataset.ClassCount}.");
        }
    }
}

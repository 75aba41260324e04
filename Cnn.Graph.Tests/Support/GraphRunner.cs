using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Onnx;
using Cnn.Graph.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Tests.Support;

/// <summary>
/// Evaluates values of a graph as users do: lowered to the portable dialect, written as ONNX, run by ONNX Runtime, on the CPU unless
/// another device is asked for. Inputs, parameters and states are all fed.
/// </summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly DeviceSession _session;
    private readonly IReadOnlyList<string> _outputs;
    private readonly Dictionary<Value, string> _fed = new(ReferenceEqualityComparer.Instance);

    public GraphRunner(IReadOnlyList<Value> values, int opset = Graph.Model.DefaultOpset, Device? device = null)
    {
        IReadOnlyList<Value> lowered = PortableDialect.Instance.Lower(values, opset, DeviceLimits.Of(device ?? Device.Cpu));
        var encoder = new GraphEncoder("test", opset);
        foreach (Value leaf in Traversal.Leaves(lowered).Where(v => v is not Constant))
        {
            encoder.AddInput(leaf);
            _fed.Add(leaf, encoder.NameOf(leaf));
        }

        _outputs = [.. values.Select((_, i) => $"result{i}")];
        for (int i = 0; i < lowered.Count; i++)
        {
            encoder.AddOutput(_outputs[i], lowered[i]);
        }

        Model = encoder.Finish(new Dictionary<string, string>());
        _session = new DeviceSession(Model.ToBytes(), device ?? Device.Cpu);
    }

    /// <summary>The ONNX model that is run.</summary>
    public OnnxModel Model { get; }

    /// <summary>Evaluates values once.</summary>
    public static IReadOnlyList<TensorData> Evaluate(IReadOnlyList<Value> values, IReadOnlyDictionary<Value, TensorData> feeds)
    {
        using var runner = new GraphRunner(values);
        return runner.Run(feeds);
    }

    /// <summary>The numbers of one value.</summary>
    public static float[] Evaluate(Value value, params IReadOnlyList<(Value Leaf, TensorData Data)> feeds) =>
        Evaluate([value], Feeds(feeds))[0].Span<float>().ToArray();

    /// <summary>What is fed, by identity of the leaves.</summary>
    public static Dictionary<Value, TensorData> Feeds(IEnumerable<(Value Leaf, TensorData Data)> feeds) =>
        new(feeds.Select(f => KeyValuePair.Create(f.Leaf, f.Data)), ReferenceEqualityComparer.Instance);

    /// <summary>Evaluates all values; feeds that none of them depends on are left out.</summary>
    public IReadOnlyList<TensorData> Run(IReadOnlyDictionary<Value, TensorData> feeds)
    {
        OrtValue[] inputs = [.. _fed.Keys.Select(leaf => ToOrt(feeds[leaf]))];
        try
        {
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Session.Run(options, [.. _fed.Values], inputs, _outputs);
            return [.. results.Select(FromOrt)];
        }
        finally
        {
            Array.ForEach(inputs, input => input.Dispose());
        }
    }

    public void Dispose() => _session.Dispose();

    private static OrtValue ToOrt(TensorData data)
    {
        var type = (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)data.Type;
        OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [.. data.Dims]);
        data.Bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static TensorData FromOrt(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return new TensorData((ElementType)info.ElementDataType, info.Shape, value.GetTensorMutableRawData().ToArray());
    }
}

using System.Text.Json;
using Cnn.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Runtime;

/// <summary>Where a node of a model ran.</summary>
/// <param name="Node">Its name; nodes that ONNX Runtime joined or added have names of its making.</param>
/// <param name="Operator">Its operator, such as <c>Conv</c>.</param>
/// <param name="Provider">
/// The part of ONNX Runtime that ran it: <c>CPUExecutionProvider</c>, <c>DmlExecutionProvider</c>, <c>WebGpuExecutionProvider</c>.
/// </param>
public sealed record NodePlacement(string Node, string Operator, string Provider)
{
    internal const string Cpu = "CPUExecutionProvider";

    /// <summary>
    /// Runs a model once on zeros, with what the device cannot do on the CPU, and tells where each node ran. Models with symbolic
    /// dimensions are run with 1 for each.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="CnnGraphException">The device is not there, or ONNX Runtime refuses the model even with the CPU's help.</exception>
    public static IReadOnlyList<NodePlacement> Of(OnnxModel model, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(device);
        return Of(model.ToWholeBytes(), Devices.Resolve(device));
    }

    internal static IReadOnlyList<NodePlacement> Of(byte[] model, Device device)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cnn-placement-");
        try
        {
            string profile;
            using (var session = new DeviceSession(model, device, allowCpuFallback: true, profile: Path.Combine(folder.FullName, "run")))
            {
                using DeviceSession.Turn turn = session.Enter();
                RunOnZeros(session.Session);
                profile = session.Session.EndProfiling();
            }

            using JsonDocument events = JsonDocument.Parse(File.ReadAllBytes(profile));
            return [.. events.RootElement.EnumerateArray().Select(Read).OfType<NodePlacement>()];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Nodes by operator, with a few of their names: what to tell where many fell back.</summary>
    internal static string Describe(IEnumerable<NodePlacement> nodes) => string.Join("; ", nodes.GroupBy(n => n.Operator)
        .Select(g => $"{g.Key} ({string.Join(", ", g.Take(3).Select(n => n.Node))}{(g.Count() > 3 ? $" and {g.Count() - 3} more" : string.Empty)})"));

    private static NodePlacement? Read(JsonElement profiled)
    {
        const string kernel = "_kernel_time";
        return profiled.TryGetProperty("cat", out JsonElement category) && category.GetString() == "Node"
            && profiled.GetProperty("name").GetString() is { } name && name.EndsWith(kernel, StringComparison.Ordinal)
            && profiled.GetProperty("args") is var args && args.TryGetProperty("provider", out JsonElement provider)
            ? new NodePlacement(name[..^kernel.Length], args.GetProperty("op_name").GetString()!, provider.GetString()!)
            : null;
    }

    private static void RunOnZeros(InferenceSession session)
    {
        OrtValue[] inputs = [.. session.InputNames.Select(name => session.InputMetadata[name]).Select(input => OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, input.ElementDataType, [.. input.Dimensions.Select(d => (long)Math.Max(d, 1))]))];
        try
        {
            foreach (OrtValue input in inputs)
            {
                input.GetTensorMutableRawData().Clear();
            }

            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, session.InputNames, inputs, session.OutputNames);
        }
        finally
        {
            Array.ForEach(inputs, i => i.Dispose());
        }
    }
}

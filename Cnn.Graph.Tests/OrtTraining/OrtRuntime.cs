using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>What a training in ONNX Runtime Training gave.</summary>
/// <param name="Inputs">What the runtime asks to be fed.</param>
/// <param name="Losses">The loss of every step.</param>
/// <param name="Eval">The outputs of the evaluation model after the last step.</param>
/// <param name="Variables">Parameters and statistics after the last step, by their names in the artifacts.</param>
internal sealed record OrtRun(
    string[] Inputs, float[] Losses, IReadOnlyDictionary<string, TensorData> Eval, IReadOnlyDictionary<string, TensorData> Variables);

/// <summary>Trains with artifacts in the real runtime, see <c>tools/ort-training</c>; skips the test where it cannot be had.</summary>
internal static class OrtRuntime
{
    private const int NotAvailable = 77;

    /// <summary>Why the runtime cannot be had; once is enough to find out.</summary>
    private static string? _missing;

    /// <param name="artifacts">What to train with.</param>
    /// <param name="steps">What is fed at every step, by the names of the inputs.</param>
    /// <param name="eval">What the evaluation model is fed in the end.</param>
    /// <param name="every">After how many steps the optimizer moves the parameters; 0 for never.</param>
    /// <param name="checkpoint">Where the runtime's side writes a checkpoint of the trained parameters.</param>
    public static OrtRun Train(
        TrainingArtifacts artifacts,
        IEnumerable<IReadOnlyDictionary<string, TensorData>> steps,
        IReadOnlyDictionary<string, TensorData> eval,
        int every = 1,
        string? checkpoint = null)
    {
        using var folder = new TemporaryFolder();
        artifacts.Save(folder.Path);
        ShowVariables(artifacts).Save(folder[TrainingArtifacts.EvalFile]);
        var plan = new { steps = steps.Select(Encode).ToArray(), every, eval = Encode(eval), checkpoint };
        folder.Write("plan.json", JsonSerializer.SerializeToUtf8Bytes(plan));
        using JsonDocument answer = JsonDocument.Parse(Run(folder.Path, folder["plan.json"]));
        JsonElement root = answer.RootElement;
        ILookup<bool, (string Name, TensorData Data)> results = root.GetProperty("eval").EnumerateObject()
            .Select(o => (o.Name, Decode(o.Value))).ToLookup(r => r.Name.Contains('/', StringComparison.Ordinal));
        return new OrtRun(
            root.GetProperty("inputs").Deserialize<string[]>()!,
            root.GetProperty("losses").Deserialize<float[]>()!,
            results[false].ToDictionary(),
            results[true].ToDictionary(r => r.Name.Split('/')[1], r => r.Data));
    }

    /// <summary>The evaluation model with the parameters among its outputs, for this runtime has no other way to read them.</summary>
    public static OnnxModel ShowVariables(TrainingArtifacts artifacts)
    {
        ModelProto proto = artifacts.EvalModel.Proto.Clone();
        OrtCheckpoint checkpoint = artifacts.Checkpoint;
        foreach (string name in checkpoint.Trained.Keys.Concat(checkpoint.Frozen.Keys))
        {
            ValueInfoProto shown = proto.Graph.Input.Single(i => i.Name == name).Clone();
            shown.Name = checkpoint.Trained.ContainsKey(name) ? $"trained/{name}" : $"frozen/{name}";
            proto.Graph.Output.Add(shown);
            proto.Graph.Node.Add(new NodeProto { OpType = "Identity", Input = { name }, Output = { shown.Name } });
        }

        return new OnnxModel(proto);
    }

    private static Dictionary<string, object> Encode(IReadOnlyDictionary<string, TensorData> feeds) => feeds.ToDictionary(
        f => f.Key,
        f => (object)new
        {
            type = f.Value.Type == ElementType.Int64 ? "int64" : "float32",
            dims = f.Value.Dims,
            data = Convert.ToBase64String(f.Value.Bytes),
        });

    private static TensorData Decode(JsonElement tensor) => new(
        tensor.GetProperty("type").GetString() switch { "int64" => ElementType.Int64, _ => ElementType.Float },
        tensor.GetProperty("dims").Deserialize<long[]>()!,
        Convert.FromBase64String(tensor.GetProperty("data").GetString()!));

    private static string Run(params string[] arguments)
    {
        Assume.That(_missing, Is.Null, $"skipped: {_missing}");
        try
        {
            string script = SourceTree.PathOf("tools", "ort-training", "train.mjs");
            using Process process = Process.Start(new ProcessStartInfo("node", [script, .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != NotAvailable)
            {
                Assert.That(process.ExitCode, Is.Zero, errors.Result);
                return output;
            }

            _missing = errors.Result.Trim();
        }
        catch (Win32Exception)
        {
            _missing = "node is not installed";
        }

        Assume.That(_missing, Is.Null, $"skipped: {_missing}");
        return string.Empty;
    }
}

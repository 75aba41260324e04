using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>
/// The real runtime, which npm has as WebAssembly, one call after the other, see <c>tools/ort-training</c>. It has the rate of the
/// artifacts, and its checkpoints lack the optimizer's state. Skips the test where it cannot be had.
/// </summary>
internal sealed class NodeRuntime : ITrainingRuntime
{
    private const int NotAvailable = 77;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly IReadOnlyList<Feed> _anything;

    /// <param name="folder">The artifacts, of which the evaluation model shows the parameters.</param>
    /// <param name="anything">Numbers that the evaluation model can be fed.</param>
    public NodeRuntime(string folder, IReadOnlyList<Feed> anything)
    {
        _anything = anything;
        try
        {
            _process = Process.Start(new ProcessStartInfo("node", [SourceTree.PathOf("tools", "ort-training", "train.mjs"), folder])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assume.That(false, "skipped: node is not installed");
            throw;
        }

        _errors = _process.StandardError.ReadToEndAsync();
        Inputs = [.. Answer()["inputs"]!.AsArray().Select(i => (string)i!)];
    }

    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The rates that it was told.</summary>
    public List<float> Rates { get; } = [];

    public IReadOnlyDictionary<string, float[]> TrainStep(IReadOnlyList<Feed> feeds) => Ask(new { train = Encode(feeds) });

    public void OptimizerStep(float learningRate)
    {
        Rates.Add(learningRate);
        Ask(new { optimize = true });
    }

    public IReadOnlyDictionary<string, float[]> EvalStep(IReadOnlyList<Feed> feeds) => Ask(new { eval = Encode(feeds) });

    public void Save(string path) => Ask(new { checkpoint = path, eval = Encode(_anything) });

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Dictionary<string, float[]> Ask(object question)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(question));
        return Answer().Where(o => (string?)o.Value!["type"] == "float32").ToDictionary(o => o.Key, o =>
        {
            byte[] bytes = Convert.FromBase64String((string)o.Value!["data"]!);
            var numbers = new float[bytes.Length / sizeof(float)];
            Buffer.BlockCopy(bytes, 0, numbers, 0, bytes.Length);
            return numbers;
        });
    }

    private JsonObject Answer()
    {
        string? line = _process.StandardOutput.ReadLine();
        if (line is null)
        {
            _process.WaitForExit();
            Assume.That(_process.ExitCode, Is.Not.EqualTo(NotAvailable), $"skipped: {_errors.Result.Trim()}");
            Assert.Fail(_errors.Result);
        }

        return JsonNode.Parse(line!)!.AsObject();
    }

    private static Dictionary<string, object> Encode(IReadOnlyList<Feed> feeds) => feeds.ToDictionary(f => f.Name, f =>
    {
        var bytes = new byte[Buffer.ByteLength(f.Numbers)];
        Buffer.BlockCopy(f.Numbers, 0, bytes, 0, bytes.Length);
        return (object)new { type = f.Numbers is long[] ? "int64" : "float32", dims = f.Dims, data = Convert.ToBase64String(bytes) };
    });
}

using System.Text.Json;
using Cnn.Graph.Cli;
using Cnn.Graph.Data;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>Runs command lines within the test, each test in a folder of its own with small data sets.</summary>
public abstract class CliFixture
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private protected string[] FilesLeft => _folder.Files;

    private protected string InFolder(string name) => _folder[name];

    private protected string Write(string name, params byte[] bytes) => _folder.Write(name, bytes);

    private protected byte[] Read(string name) => File.ReadAllBytes(_folder[name]);

    /// <summary>Writes a data set that LeNet-5 learns within seconds, with a test set of half as many pictures.</summary>
    /// <returns>What --data takes.</returns>
    private protected string WriteData(int count = 160)
    {
        string train = WriteSet("train", count, seed: 1);
        string test = WriteSet("test", count / 2, seed: 2);
        return $"{train},{test}";
    }

    /// <summary>Writes a set of 28x28 pictures, in ten classes by default.</summary>
    private protected string WriteSet(string name, int count, long seed = 1, int side = 28, int classes = 10)
    {
        ImageDataset set = Digits.Of(count, classes, side, seed: seed);
        new IdxFile([count, side, side], set.Pixels.ToArray()).Write(InFolder($"{name}-images"));
        new IdxFile([count], set.Labels.ToArray().Select(l => (byte)l).ToArray()).Write(InFolder($"{name}-labels"));
        return $"{InFolder($"{name}-images")},{InFolder($"{name}-labels")}";
    }

    private protected static CliResult Run(params string[] args) => Run(CancellationToken.None, args);

    private protected static CliResult Run(CancellationToken stop, params string[] args) => Run(args, isTerminal: false, stop);

    private protected static CliResult RunInTerminal(params string[] args) => Run(args, isTerminal: true, CancellationToken.None);

    private static CliResult Run(string[] args, bool isTerminal, CancellationToken stop)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CnnCommand.Run(args, new CommandContext(output, error) { Stop = stop, IsTerminal = isTerminal });
        return new CliResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed.</summary>
    private protected static CliResult Succeed(params string[] args)
    {
        CliResult result = Run(args);
        Assert.That(result.Code, Is.Zero, result.Error);
        return result;
    }

    /// <summary>Runs a command that must succeed with one JSON document as its only output.</summary>
    private protected static JsonElement Json(params string[] args) => Succeed([.. args, "--json"]).Json;

    /// <summary>Runs a command that must fail with one line that holds these words, and without output.</summary>
    private protected static void Fails(int code, string[] words, params string[] args)
    {
        CliResult result = Run(args);
        string last = result.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.Multiple(() =>
        {
            Assert.That(result.Code, Is.EqualTo(code), result.Error);
            Assert.That(result.Output, Is.Empty);
            Assert.That(last, Does.StartWith("cnn: "));
            Assert.That(result.Error, Does.Not.Contain("   at ").And.Not.Contain("Exception"));
            foreach (string word in words)
            {
                Assert.That(last, Does.Contain(word));
            }
        });
    }

    private protected static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}

/// <summary>What a command line gave.</summary>
internal sealed record CliResult(int Code, string Output, string Error)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }
}

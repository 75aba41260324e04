using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Cli;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Models;

/// <summary>The trained models beside the sources are what their cards say.</summary>
public partial class TrainedModelsTests : CliFixture
{
    private const long MostBytes = 2_000_000;

    private static readonly string? Folder = SourceTree.Find("models");

    private static IEnumerable<string> Cards => Folder is null ? [] : Directory.GetFiles(Folder, "*-*.md").Select(c => Path.GetFileNameWithoutExtension(c)).Order();

    /// <summary>Fashion-MNIST is fetched by apt-get, which not every system has.</summary>
    private static IEnumerable<TestCaseData> CardsByData => Cards.Select(name => new TestCaseData(name).SetCategory(name.Contains("fashion", StringComparison.Ordinal) ? "Long" : "Mnist"));

    [Test]
    public void Every_model_has_a_card()
    {
        Assume.That(Folder, Is.Not.Null, "the tests run without their sources");
        string[] models = [.. Directory.GetFiles(Folder!, "*.onnx").Select(m => Path.GetFileNameWithoutExtension(m)).Order()];
        Assert.That(models, Is.EqualTo(Cards).And.Length.EqualTo(6));
    }

    [TestCaseSource(nameof(Cards))]
    public void The_file_is_the_one_of_the_card(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder!, $"{name}.onnx"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes)), Is.EqualTo(Card.Read(name).Sha256));
        Assert.That(bytes, Has.Length.LessThan(MostBytes));
    }

    /// <summary>The same numbers still make the same file, so that the card's command can still make its bytes.</summary>
    [TestCaseSource(nameof(Cards))]
    public void Writing_it_again_gives_its_bytes(string name)
    {
        string path = Path.Combine(Folder!, $"{name}.onnx");
        OnnxModel file = OnnxModel.Load(path);
        Architecture architecture = Architecture.Find(file.Metadata["cnn.graph.architecture"]);
        int[] input = [.. file.Inputs[0].Dims!.Skip(1).Select(d => (int)d.Size!.Value)];
        double width = double.Parse(file.Metadata["cnn.graph.width"], CultureInfo.InvariantCulture);
        Assert.That(Model.Load(architecture.Build(10, input, width), path).ToOnnx().ToBytes(), Is.EqualTo(File.ReadAllBytes(path)));
    }

    [TestCaseSource(nameof(CardsByData))]
    public void It_answers_as_well_as_the_card_says(string name)
    {
        Card card = Card.Read(name);
        JsonElement measured = Json("eval", Path.Combine(Folder!, $"{name}.onnx"), "--data", card.Data, "--device", "cpu");
        Assert.That(Figures.Percent(measured.GetProperty("accuracy").GetDouble()), Is.EqualTo(card.Accuracy));
    }

    [TestCaseSource(nameof(Cards))]
    [Category("Long")]
    public void The_command_of_the_card_makes_the_same_bytes(string name)
    {
        Card card = Card.Read(name);
        Assume.That(card.InstructionSet, Is.EqualTo(InstructionSet()), "other instructions round otherwise");
        string[] words = card.Command.Split(' ');
        Assert.That(words[0], Is.EqualTo("tools/cnn"));
        int place = Array.IndexOf(words, "--out") + 1;
        Assert.That(words[place], Is.EqualTo($"models/{name}.onnx"));
        words[place] = InFolder("again.onnx");

        Succeed(words[1..]);

        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Read("again.onnx"))), Is.EqualTo(card.Sha256));
    }

    private static string InstructionSet() => Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "other";

    /// <summary>The rows of a card's table.</summary>
    private sealed partial record Card(string Data, string Command, string Accuracy, string Sha256, string InstructionSet)
    {
        public static Card Read(string name)
        {
            string text = File.ReadAllText(Path.Combine(Folder!, $"{name}.md"));
            Dictionary<string, string> rows = Row().Matches(text).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim('`'));
            return new Card(rows["data"], rows["command"], rows["test accuracy"], rows["SHA-256"], rows["instructions"]);
        }

        [GeneratedRegex(@"^\| ([^|]+?) \| ([^|]+?) \|\r?$", RegexOptions.Multiline)]
        private static partial Regex Row();
    }
}

using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>LeNet-5 against its published figures.</summary>
public class LeNetTests
{
    private static readonly NetworkSummary Summary = NetworkSummary.Of(Architecture.Find("lenet5").Build());

    private static readonly Network Original = Architecture.Find("lenet5-original").Build();

    private static readonly Dictionary<string, LayerSummary> Layers = Summary.Layers.ToDictionary(l => l.Name);

    [TestCase("c1", new long[] { 6, 28, 28 }, 156, 117_600, 5)]
    [TestCase("s2", new long[] { 6, 14, 14 }, 0, 0, 6)]
    [TestCase("c3", new long[] { 16, 10, 10 }, 2_416, 240_000, 14)]
    [TestCase("s4", new long[] { 16, 5, 5 }, 0, 0, 16)]
    [TestCase("c5", new long[] { 120, 1, 1 }, 48_120, 48_000, 32)]
    [TestCase("f6", new long[] { 84 }, 10_164, 10_080, 32)]
    [TestCase("output_scores", new long[] { 10 }, 850, 840, 32)]
    public void Stages(string layer, long[] output, long parameters, long macs, int receptiveField) => Assert.Multiple(() =>
    {
        Assert.That(Layers[layer].Output, Is.EqualTo(output));
        Assert.That(Layers[layer].Parameters, Is.EqualTo(parameters));
        Assert.That(Layers[layer].Macs, Is.EqualTo(macs));
        Assert.That(Layers[layer].ReceptiveField, Is.EqualTo(new[] { receptiveField, receptiveField }));
    });

    [Test]
    public void Totals() => Assert.Multiple(() =>
    {
        Assert.That(Summary.Parameters, Is.EqualTo(61_706));
        Assert.That(Summary.Macs, Is.EqualTo(416_520));
        Assert.That(Summary.WeightLayers, Is.EqualTo(5));
    });

    /// <summary>Six maps see three neighbours, six see four, three see two pairs, one sees all; every map of S2 is seen by ten.</summary>
    [Test]
    public void Connections_of_C3()
    {
        int[] sizes = [.. LeNet.C3Connections.Select(row => row.Count)];
        Assert.Multiple(() =>
        {
            Assert.That(sizes, Is.EqualTo(new[] { 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6 }));
            Assert.That(sizes.Sum(), Is.EqualTo(60));
            Assert.That(LeNet.C3Connections.SelectMany(row => row).GroupBy(map => map).Select(g => g.Count()), Is.All.EqualTo(10));
            Assert.That(LeNet.C3Connections.Select(row => string.Concat(row)), Is.Unique);
        });
    }

    /// <summary>
    /// The paper's table of layers: what training adjusts, and the connections, that is how often each number is used. A parameter is used
    /// once at every position of its map, a coefficient of subsampling for all four pixels there.
    /// </summary>
    [TestCase("c1", 156, 122_304)]
    [TestCase("s2", 12, 5_880)]
    [TestCase("c3", 1_516, 151_600)]
    [TestCase("s4", 32, 2_000)]
    [TestCase("c5", 48_120, 48_120)]
    [TestCase("f6", 10_164, 10_164)]
    [TestCase("output", 0, 840)]
    public void Parameters_and_connections_of_the_original(string layer, long parameters, long connections)
    {
        Variable[] variables = [.. Original.Variables.Where(v => v.Name.StartsWith($"{layer}/", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(variables.OfType<Parameter>().Sum(p => p.Shape.CountPerSample()), Is.EqualTo(parameters));
            Assert.That(Connections(layer, variables), Is.EqualTo(connections));
        });
    }

    [Test]
    public void The_original_has_60_000_parameters_and_340_908_connections() => Assert.Multiple(() =>
    {
        Assert.That(Original.ParameterCount, Is.EqualTo(60_000));
        Assert.That(Original.Variables.GroupBy(v => v.Name.Split('/')[0]).Sum(g => Connections(g.Key, g)), Is.EqualTo(340_908));
    });

    /// <summary>±2.4 over the number of inputs: 2.4 / 25 in C1, 0.6 for the four pixels of S2, 2.4 / 75 to 2.4 / 150 in C3.</summary>
    [TestCase("c1/weight", 0.096)]
    [TestCase("s2/coefficient", 0.6)]
    [TestCase("c3/weight", 0.032)]
    [TestCase("c5/weight", 0.006)]
    public void The_original_starts_in_the_bounds_of_the_paper(string variable, double bound)
    {
        Variable drawn = Original.Variables.Single(v => v.Name == variable);
        Assert.That(drawn.Initializer.Draw(drawn, seed: 1).Floats().Max(MathF.Abs), Is.InRange(0.5 * bound, bound));
    }

    [Test]
    public void Pictures_of_28x28_and_32x32_lead_to_the_same_layers_behind_C1() => Assert.Multiple(() =>
    {
        foreach (string id in new[] { "lenet5", "lenet5-original" })
        {
            Network small = Architecture.Find(id).Build(input: [1, 28, 28]), large = Architecture.Find(id).Build(input: [1, 32, 32]);
            Assert.That(small.Nodes.Select(n => n.Output.Shape), Is.EqualTo(large.Nodes.Select(n => n.Output.Shape)), id);
        }
    });

    [Test]
    public void Other_numbers_of_classes_and_channels() => Assert.Multiple(() =>
    {
        Assert.That(Architecture.Find("LENET5").Build(classes: 26).ParameterCount, Is.EqualTo(61_706 + (16 * 85)));
        Assert.That(Architecture.Find("lenet5").Build(input: [3, 32, 32]).ParameterCount, Is.GreaterThan(61_706));
    });

    [Test]
    public void Pictures_that_are_too_small_are_refused_by_the_layer_that_they_starve() => Assert.That(
        () => Architecture.Find("lenet5").Build(input: [1, 20, 20]), Throws.InstanceOf<GraphException>().With.Message.Contains("c5: "));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest() => Assert.That(
        () => Architecture.Find("lent5"), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'lenet5'"));

    private static long Connections(string layer, IEnumerable<Variable> variables)
    {
        long positions = new Shape(Original[layer].Shape.Skip(2)).CountPerSample();
        return variables.Sum(v => v.Shape.CountPerSample() * positions * (v is Parameter { Role: ParameterRole.Scale } ? 2 * 2 : 1));
    }
}

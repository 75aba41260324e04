using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>LeNet-5 against its published figures.</summary>
public class LeNetTests
{
    private static readonly NetworkSummary Summary = NetworkSummary.Of(Architecture.Find("lenet5").Build());

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

    [Test]
    public void Other_numbers_of_classes_and_channels() => Assert.Multiple(() =>
    {
        Assert.That(Architecture.Find("LENET5").Build(classes: 26).ParameterCount, Is.EqualTo(61_706 + (16 * 85)));
        Assert.That(Architecture.Find("lenet5").Build(input: [3, 32, 32]).ParameterCount, Is.GreaterThan(61_706));
    });

    [Test]
    public void Pictures_that_are_too_small_are_refused_by_the_layer_that_they_starve() => Assert.That(
        () => Architecture.Find("lenet5").Build(input: [1, 20, 20]), Throws.InstanceOf<Cnn.Graph.Ir.GraphException>().With.Message.Contains("c5: "));

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest() => Assert.That(
        () => Architecture.Find("lent5"), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'lenet5'"));
}

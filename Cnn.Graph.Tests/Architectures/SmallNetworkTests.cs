using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>Networks without an entry in reference.json, against figures worked out by hand.</summary>
public class SmallNetworkTests
{
    [TestCase("linear", 10 * 785, 10 * 784, 1)]
    [TestCase("mlp", (300 * 785) + (100 * 301) + (10 * 101), (300 * 784) + (100 * 300) + (10 * 100), 3)]
    [TestCase("vanilla-cnn", 896 + 18_496 + 73_856 + 262_272 + 1_290, 884_736 + 4_718_592 + 4_718_592 + 262_144 + 1_280, 5)]
    [TestCase("tdnn", (8 * 49) + (3 * 41) + (3 * 2), (13 * 8 * 48) + (9 * 3 * 40) + 3, 3)]
    public void Figures(string id, int parameters, int macs, int weightLayers)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find(id).Build());
        Assert.Multiple(() =>
        {
            Assert.That(summary.Parameters, Is.EqualTo(parameters));
            Assert.That(summary.Macs, Is.EqualTo(macs));
            Assert.That(summary.WeightLayers, Is.EqualTo(weightLayers));
        });
    }

    /// <summary>As in the figure of the paper: 13 and 9 frames, and an output sees all 15.</summary>
    [Test]
    public void Layers_of_the_time_delay_network()
    {
        var layers = NetworkSummary.Of(Architecture.Find("tdnn").Build()).Layers.ToDictionary(l => l.Name);
        Assert.Multiple(() =>
        {
            Assert.That(layers["hidden1"].Output, Is.EqualTo(new[] { 8, 13 }));
            Assert.That(layers["hidden2"].Output, Is.EqualTo(new[] { 3, 9 }));
            Assert.That(layers["hidden2"].ReceptiveField, Is.EqualTo(new[] { 7 }));
            Assert.That(layers["output"].ReceptiveField, Is.EqualTo(new[] { 15 }));
        });
    }

    [Test]
    public void Longer_signals_take_no_more_parameters() => Assert.That(
        Architecture.Find("tdnn").Build(input: [16, 100]).ParameterCount, Is.EqualTo(Architecture.Find("tdnn").Build().ParameterCount));

    [Test]
    public void A_time_delay_network_refuses_pictures() => Assert.That(
        () => Architecture.Find("tdnn").Build(input: [1, 28, 28]),
        Throws.TypeOf<CnnGraphException>().With.Message.Contains("takes 16x15, so that `input` must have 2 numbers"));

    /// <summary>M without blocks is a perceptron; N with one dense layer is a network whose features are classified at once.</summary>
    [TestCase(0, 2, new[] { "flatten", "fc1", "fc1_relu", "fc2" })]
    [TestCase(2, 1, new[] { "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1" })]
    public void Vanilla_networks_of_N_blocks_and_M_dense_layers(int blocks, int dense, string[] layers)
    {
        Architecture architecture = VanillaCnn.Of(blocks, dense, channels: 8, units: 16);
        Network network = architecture.Build();
        Assert.Multiple(() =>
        {
            Assert.That(architecture.Id, Is.EqualTo($"vanilla-cnn-{blocks}-{dense}"));
            Assert.That(network.Nodes.Select(n => n.Name), Is.EqualTo(layers));
            Assert.That(network.Parameters[0].Shape[0].Size, Is.EqualTo(blocks == 0 ? 16 : 8));
            Assert.That(network.Outputs[0].Shape[1].Size, Is.EqualTo(10));
        });
    }

    [TestCase(-1, 1, 1, 1, "blocks")]
    [TestCase(1, 0, 1, 1, "dense")]
    [TestCase(1, 1, 0, 1, "channels")]
    [TestCase(1, 1, 1, 0, "units")]
    public void Vanilla_networks_refuse_numbers_that_make_no_network(int blocks, int dense, int channels, int units, string named) => Assert.That(
        () => VanillaCnn.Of(blocks, dense, channels, units), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(named));
}

using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

/// <summary>Faults of a whole network: all are told at once, and none that merely follows from another.</summary>
public class NetworkFaultTests
{
    [Test]
    public void All_faults_are_told_together_in_the_order_of_the_layers()
    {
        Value x = Network.Input("image", 3, 8, 8);
        Value left = x.Conv2d(4, kernel: 3, stride: 0, name: "left"), right = x.Conv2d(5, kernel: 3, groups: 2, name: "right");
        GraphException e = Faults(left.Concat(right).Flatten().Dense(0));
        Assert.Multiple(() =>
        {
            Assert.That(e.Faults, Is.EqualTo(new[]
            {
                "left: `stride` (=0x0) must be at least 1.",
                "right: the input's channels (=3) and `channels` (=5) must both be divisible by `groups` (=2).",
                "dense1: `units` (=0) must be at least 1.",
            }));
            Assert.That(e.Message, Does.StartWith("'net' does not fit together; 3 faults:\n  - left: ").And.Contains("\n  - dense1: "));
        });
    }

    [Test]
    public void Layers_behind_a_fault_add_no_noise()
    {
        Value broken = Network.Input("image", 3, 8, 8).Conv2d(4, kernel: 9, name: "broken");
        Value rest = broken.Relu().Conv2d(8, kernel: 3, padding: Padding.Same).MaxPool2d(2).AveragePool2d(2).Dropout()
            .Flatten().Dense(10).Reshape([2, 5]).Softmax();
        Assert.That(Faults(rest.Add(rest).Concat(rest)).Faults, Has.Count.EqualTo(1).And.All.StartsWith("broken: "));
    }

    [Test]
    public void One_layer_can_have_several_faults() =>
        Assert.That(Faults(Network.Input("image", 3, 8, 8).Conv2d(0, kernel: 0, stride: -1, groups: 0)).Faults, Is.EqualTo(new[]
        {
            "conv1: `channels` (=0) must be at least 1.",
            "conv1: `kernel` (=0x0) must be at least 1.",
            "conv1: `stride` (=-1x-1) must be at least 1.",
            "conv1: `groups` (=0) must be at least 1.",
        }));

    [Test]
    public void Layers_of_the_same_name() => Assert.That(
        Faults(Network.Input("x", 4).Dense(3, name: "a").Dense(2, name: "a")).Faults,
        Has.One.EqualTo("a: two layers have this name. Give one of them another `name`, or put them in blocks."));

    [Test]
    public void A_chosen_name_that_is_also_an_automatic_one() => Assert.That(
        Faults(Network.Input("x", 4).Relu(name: "tanh1").Tanh()).Faults,
        Is.EqualTo(new[] { "tanh1: two layers have this name. Give one of them another `name`, or put them in blocks." }));

    [Test]
    public void A_layer_with_the_name_of_an_input() => Assert.That(
        Faults(Network.Input("x", 4).Relu(name: "x")).Faults,
        Is.EqualTo(new[] { "x: two layers have this name. Give one of them another `name`, or put them in blocks." }));

    /// <summary>As when two networks with layers of the same names are joined.</summary>
    [Test]
    public void Parameters_of_the_same_name() => Assert.That(
        Faults(Network.Input("x", 4).Dense(Network.Parameter("w", [4, 4])).Dense(Network.Parameter("w", [4, 4]))).Faults,
        Is.EqualTo(new[] { "w: two parameters have this name. Give one of them another `name`, or put them in blocks." }));

    [Test]
    public void Inputs_of_the_same_name() => Assert.That(
        Faults(Network.Input("x", 4).Add(Network.Input("x", 4))).Faults,
        Is.EqualTo(new[] { "x: two inputs have this name. Give one of them another `name`, or put them in blocks." }));

    [Test]
    public void An_input_without_pixels() => Assert.That(
        Faults(Network.Input("image", 3, 0, 8).Relu()).Faults, Is.EqualTo(new[] { "image: `0` in the shape [N, 3, 0, 8] must be at least 1." }));

    [Test]
    public void A_graph_without_input() => Assert.That(
        Faults(Cnn.Graph.Operators.Constants.Scalar(1).Relu()).Faults,
        Is.EqualTo(new[] { "the graph has no input. Start it with Network.Input(…)." }));

    [TestCase("")]
    [TestCase(" ")]
    public void Inputs_need_names(string name) => Assert.That(() => Network.Input(name, 3), Throws.ArgumentException);

    [Test]
    public void A_batch_is_at_least_one() =>
        Assert.That(() => Network.Input("x", 3).Relu().Build("net").WithBatch(0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static GraphException Faults(Value output) => Assert.Throws<GraphException>(() => output.Build("net"))!;
}

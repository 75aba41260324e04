using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

/// <summary>Layers are numbered by kind, in their order in the graph, unless they have names; blocks put their name before.</summary>
public class NamingTests
{
    [Test]
    public void Layers_without_a_name_are_numbered_by_kind() => Assert.That(
        NodeNames(Network.Input("image", 1, 8, 8).Conv2d(2, kernel: 3).Relu().Conv2d(2, kernel: 3).Relu().Flatten().Dense(3)),
        Is.EqualTo(new[] { "conv1", "relu1", "conv2", "relu2", "flatten1", "dense1" }));

    [Test]
    public void Names_do_not_count() => Assert.That(
        NodeNames(Network.Input("image", 4).Dense(3).Dense(3, name: "middle").Dense(3)),
        Is.EqualTo(new[] { "dense1", "middle", "dense2" }));

    [Test]
    public void Blocks_put_their_name_before_and_number_for_themselves() => Assert.That(
        NodeNames(Network.Input("image", 4).Dense(3)
            .Block("head", x => x.Dense(3).Block("inner", y => y.Dense(2, name: "last")))
            .Dense(3)),
        Is.EqualTo(new[] { "dense1", "head/dense1", "head/inner/last", "dense2" }));

    [Test]
    public void A_block_ends_even_where_it_throws()
    {
        Value x = Network.Input("image", 4);
        Assert.Throws<InvalidOperationException>(() => x.Block("bad", _ => throw new InvalidOperationException()));
        Assert.That(NodeNames(x.Relu()), Is.EqualTo(new[] { "relu1" }));
    }

    [Test]
    public void Parameters_are_named_after_their_layer() => Assert.That(
        Network.Input("image", 1, 4, 4).Block("b", x => x.Conv2d(2, kernel: 3)).Flatten().Dense(2, name: "out").Build("net").Parameters.Select(p => p.ToString()),
        Is.EqualTo(new[]
        {
            "b/conv1/weight: Float[2, 1, 3, 3]", "b/conv1/bias: Float[2]", "out/weight: Float[2, 8]", "out/bias: Float[2]",
        }));

    [Test]
    public void Building_twice_gives_the_same_names()
    {
        Value x = Network.Input("image", 4).Dense(3).Relu().Dense(2);
        string[] first = [.. NodeNames(x)], second = [.. NodeNames(x)];
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void A_layer_can_be_found_by_its_name_and_a_typing_error_is_answered_with_the_nearest()
    {
        Network network = Network.Input("image", 4).Dense(3, name: "hidden").Relu().Dense(2).Build("net");
        Assert.Multiple(() =>
        {
            Assert.That(network["hidden"].Shape.ToString(), Is.EqualTo("[N, 3]"));
            Assert.That(() => network["hiden"], Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'hidden'"));
        });
    }

    [Test]
    public void Binding_the_batch_keeps_names_and_parameters()
    {
        Network network = Network.Input("image", 2, 4, 4).Conv2d(2, kernel: 3).Flatten().Dropout().Dense(6).Reshape([2, 3]).Build("net");
        Network bound = network.WithBatch(5);
        Assert.Multiple(() =>
        {
            Assert.That(bound.Nodes.Select(n => n.Name), Is.EqualTo(network.Nodes.Select(n => n.Name)));
            Assert.That(bound.Parameters, Is.EqualTo(network.Parameters));
            Assert.That(bound.Outputs[0].Shape, Is.EqualTo(Shape.Of(5, 2, 3)));
            Assert.That(bound.Nodes.Select(n => n.Output.Shape.IsStatic), Is.All.True);
            Assert.That(network.Outputs[0].Shape.ToString(), Is.EqualTo("[N, 2, 3]"));
        });
    }

    private static IEnumerable<string> NodeNames(Value output) => output.Build("net").Nodes.Select(n => n.Name);
}

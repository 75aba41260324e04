using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class TraversalTests
{
    [Test]
    public void Every_node_comes_once_and_after_those_that_feed_it()
    {
        Value x = Tensors.Input("x", 3), shared = x.Tanh("shared");
        Value output = shared.Relu("left").Add(shared.Sigmoid("right"), "join").Add(shared, "skip");
        List<Node> order = Traversal.TopologicalOrder([output, shared]);
        Assert.Multiple(() =>
        {
            Assert.That(order.Select(n => n.Name), Is.EqualTo(new[] { "shared", "left", "right", "join", "skip" }));
            Assert.That(Traversal.TopologicalOrder([output, shared]), Is.EqualTo(order), "the order is always the same");
        });
    }

    /// <summary>Doubling a value n times has 2ⁿ paths through n nodes.</summary>
    [Test]
    public void Shared_values_are_walked_once()
    {
        Value y = Tensors.Input("x", 3);
        for (int i = 0; i < 200; i++)
        {
            y = y.Add(y, "double");
        }

        Assert.That(Traversal.TopologicalOrder([y]), Has.Count.EqualTo(200));
    }

    [Test]
    public void Leaves_come_in_the_order_of_their_first_use()
    {
        Value a = Tensors.Input("a", 3), b = Tensors.Input("b", 3), c = Tensors.Input("c", 3);
        Assert.That(Traversal.Leaves([b.Add(a).Add(b), c]).Select(v => v.Name), Is.EqualTo(new[] { "b", "a", "c" }));
    }

    [Test]
    public void Rewriting_shares_what_no_rule_touches_and_leaves_the_original_alone()
    {
        Value x = Tensors.Input("x", 3), kept = x.Tanh("kept"), old = kept.Relu("old");
        Value output = old.Add(kept, "join");
        Value changed = new Rewriter((node, inputs) => node.Op is Relu ? [inputs[0].Sigmoid("new")] : null).Rewrite(output);
        Assert.Multiple(() =>
        {
            Assert.That(Traversal.TopologicalOrder([changed]).Select(n => n.Name), Is.EqualTo(new[] { "kept", "new", "join" }));
            Assert.That(changed.Producer!.Inputs[1], Is.SameAs(kept));
            Assert.That(Traversal.TopologicalOrder([output]).Select(n => n.Name), Is.EqualTo(new[] { "kept", "old", "join" }));
        });
    }

    [Test]
    public void Replacing_an_input_reaches_every_use()
    {
        Input x = Tensors.Input("x", 3), y = Tensors.Input("y", 3);
        var rewriter = new Rewriter((_, _) => null);
        rewriter.Replace(x, y);
        Assert.That(Traversal.Leaves([rewriter.Rewrite(x.Tanh().Add(x))]), Is.EqualTo(new[] { y }));
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>What the reverse walk does whatever the operators are: sums over uses, inner values, zeros, faults.</summary>
public class GradientWalkTests
{
    /// <summary>
    /// f(wa, wb) = g[h(k(wa), wa), m(wa), wa, wb]: wa has four children, and its gradient is the sum over them, written out here by hand.
    /// </summary>
    [Test]
    public void A_weight_with_four_children_gets_the_sum_over_them()
    {
        Input wa = Tensors.Input("wa"), wb = Tensors.Input("wb");
        Value k = wa.Exp(), h = k * wa, m = wa.Tanh();
        Value g = (h * m) + (wa * wb);
        const double A = 0.7, B = -1.3;
        double dgdh = Math.Tanh(A), dhdk = A, dkda = Math.Exp(A), dhda = Math.Exp(A);
        double dgdm = A * Math.Exp(A), dmda = 1 - (Math.Tanh(A) * Math.Tanh(A)), dgda = B;
        double expected = (dgdh * ((dhdk * dkda) + dhda)) + (dgdm * dmda) + dgda;

        IReadOnlyList<TensorData> gradients = GraphRunner.Evaluate(
            Gradient.Of(g, wa, wb), GraphRunner.Feeds([(wa, TensorData.Scalar((float)A)), (wb, TensorData.Scalar((float)B))]));

        Assert.Multiple(() =>
        {
            Assert.That(gradients[0].Floats()[0], Is.EqualTo(expected).Within(1e-6));
            Assert.That(gradients[1].Floats()[0], Is.EqualTo(A).Within(1e-7));
        });
    }

    /// <summary>A shared value's gradient is the sum of those that separate copies of it would get.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public void A_value_used_k_times_gets_the_sum_of_k_gradients(int uses)
    {
        Input x = Tensors.Input("x", 1, 2, 5, 5), shared = Tensors.Input("kernels", 2, 2, 3, 3);
        Input[] copies = [.. Enumerable.Range(0, uses).Select(i => Tensors.Input($"kernels{i}", 2, 2, 3, 3))];
        TensorData numbers = Tensors.Uniform("kernels", [2, 2, 3, 3], -0.3f, 0.3f);
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(
            [(x, Tensors.Uniform("x", [1, 2, 5, 5])), (shared, numbers), .. copies.Select(c => ((Value)c, numbers))]);

        float[] together = GraphRunner.Evaluate(Gradient.Of(Stack(x, [.. copies.Select(_ => shared)]), shared), feeds)[0].Floats();
        IReadOnlyList<TensorData> apart = GraphRunner.Evaluate(Gradient.Of(Stack(x, copies), copies), feeds);

        float[] sum = [.. together.Select((_, i) => apart.Sum(g => g.Floats()[i]))];
        Assert.That(Tensors.Error(together, sum), Is.LessThan(1e-6));

        static Value Stack(Value x, IReadOnlyList<Value> kernels)
        {
            var op = new Conv(new Window([3, 3], [1, 1], [1, 1], [1, 1], [1, 1]), 1);
            Value y = kernels.Aggregate(x, (y, k) => GradientCase.Node(op, y, k).Tanh());
            return (y * y).Sum(y.AllAxes());
        }
    }

    /// <summary>The gradient of an inner value is that of an input which takes its place.</summary>
    [Test]
    public void Inner_values_have_gradients_too()
    {
        Input x = Tensors.Input("x", 2, 1, 4, 4);
        Value inner = x.MaxPool2d(2);
        Input instead = Tensors.Input("instead", 2, 1, 2, 2);
        TensorData numbers = Tensors.Apart("x", [2, 1, 4, 4]);
        TensorData pooled = GraphRunner.Evaluate([inner], GraphRunner.Feeds([(x, numbers)]))[0];

        float[] actual = GraphRunner.Evaluate(Gradient.Of(Rest(inner), inner), GraphRunner.Feeds([(x, numbers)]))[0].Floats();
        float[] expected = GraphRunner.Evaluate(Gradient.Of(Rest(instead), instead), GraphRunner.Feeds([(instead, pooled)]))[0].Floats();

        Assert.That(actual, Is.EqualTo(expected));

        static Value Rest(Value y) => (y.Sigmoid() * y).Sum(y.AllAxes());
    }

    [Test]
    public void Equal_operands_of_a_maximum_share_its_gradient()
    {
        Input a = Tensors.Input("a", 3), b = Tensors.Input("b", 3);
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds([(a, Tensors.Of(a, 1, 2, 3)), (b, Tensors.Of(b, 1, 3, 2))]);
        IReadOnlyList<TensorData> max = GraphRunner.Evaluate(Gradient.Of(a.Maximum(b).Sum([0]), a, b), feeds);
        IReadOnlyList<TensorData> min = GraphRunner.Evaluate(Gradient.Of(a.Minimum(b).Sum([0]), a, b), feeds);
        Assert.Multiple(() =>
        {
            Assert.That(max[0].Floats(), Is.EqualTo(new[] { 0.5f, 0, 1 }));
            Assert.That(max[1].Floats(), Is.EqualTo(new[] { 0.5f, 1, 0 }));
            Assert.That(min[0].Floats(), Is.EqualTo(new[] { 0.5f, 1, 0 }));
            Assert.That(min[1].Floats(), Is.EqualTo(new[] { 0.5f, 0, 1 }));
        });
    }

    /// <summary>x · stop(x) has the value x² and the gradient x, not 2x; what lies before a stop alone gets zeros.</summary>
    [Test]
    public void No_gradient_goes_through_a_stop()
    {
        Input x = Tensors.Input("x", 3), y = Tensors.Input("y", 3);
        Value product = x * (x + y.Tanh()).StopGradient();
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [product, .. Gradient.Of(product.Sum(), x, y)], GraphRunner.Feeds([(x, Tensors.Of(x, 1, -2, 3)), (y, Tensors.Of(y, 0, 0, 0))]));
        Assert.Multiple(() =>
        {
            Assert.That(results[0].Floats(), Is.EqualTo(new float[] { 1, 4, 9 }));
            Assert.That(results[1].Floats(), Is.EqualTo(new float[] { 1, -2, 3 }));
            Assert.That(results[2].Floats(), Is.EqualTo(new float[3]));
        });
    }

    [Test]
    public void Gradients_of_several_values_on_one_path_do_not_disturb_each_other()
    {
        Input x = Tensors.Input("x", 3);
        Value y = x * x, loss = (y * y).Sum([0]);
        IReadOnlyList<TensorData> gradients = GraphRunner.Evaluate(
            Gradient.Of(loss, x, y, loss), GraphRunner.Feeds([(x, Tensors.Of(x, 1, -2, 3))]));
        Assert.Multiple(() =>
        {
            Assert.That(gradients[0].Floats(), Is.EqualTo(new float[] { 4, -32, 108 }));
            Assert.That(gradients[1].Floats(), Is.EqualTo(new float[] { 2, 8, 18 }));
            Assert.That(gradients[2].Floats(), Is.EqualTo(new float[] { 1 }));
        });
    }

    [Test]
    public void A_value_that_the_loss_does_not_depend_on_gets_zeros_of_its_shape()
    {
        Input x = Tensors.Input("x", 3), other = Tensors.Input("other", 2, 4);
        Value above = x.Exp();
        IReadOnlyList<TensorData> gradients = GraphRunner.Evaluate(
            Gradient.Of((x * x).Sum([0]), other, above),
            GraphRunner.Feeds([(x, Tensors.Of(x, 1, 2, 3)), (other, Tensors.Uniform("other", [2, 4]))]));
        Assert.Multiple(() =>
        {
            Assert.That(gradients[0].Dims, Is.EqualTo(new long[] { 2, 4 }));
            Assert.That(gradients[0].Floats(), Is.All.Zero);
            Assert.That(gradients[1].Floats(), Is.EqualTo(new float[3]));
        });
    }

    [Test]
    public void Only_what_was_asked_for_is_part_of_the_graph()
    {
        Input x = Tensors.Input("x", 1, 2, 5, 5);
        Value y = x.Conv2d(3, kernel: 3, bias: false);
        Value weight = y.Producer!.Inputs[1];
        string[] operators = [.. Traversal.TopologicalOrder(Gradient.Of(y.Sum(y.AllAxes()), weight)).Select(n => n.Op.Name)];
        Assert.That(operators, Has.Member(nameof(ConvWeightGradient)).And.No.Member(nameof(ConvInputGradient)));
    }

    [Test]
    public void Gradients_are_taken_of_scalars_only()
    {
        Input x = Tensors.Input("x", 3);
        Assert.That(() => Gradient.Of(x * x, x), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("Float[3]").And.Message.Contains("Sum or average"));
    }

    [Test]
    public void An_operator_without_gradient_is_named()
    {
        Input x = Tensors.Input("x", 3);
        Value loss = GradientCase.Node(new ReduceMax([0], false), x.Tanh(name: "squash"));
        Assert.That(() => Gradient.Of(loss, x), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("ReduceMax").And.Message.Contains("no gradient"));
    }

    /// <summary>The walk and the traversal use no recursion, which a network of this depth would overflow.</summary>
    [Test]
    public void Depth_does_not_matter()
    {
        Input x = Tensors.Input("x");
        Value y = x;
        for (int i = 0; i < 20_000; i++)
        {
            y = y.Relu("deep");
        }

        Assert.That(Traversal.TopologicalOrder(Gradient.Of(y, x)), Has.Count.GreaterThan(40_000));
    }
}

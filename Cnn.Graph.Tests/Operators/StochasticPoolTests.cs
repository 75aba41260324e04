using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Stochastic pooling (Zeiler &amp; Fergus, 2013) in use and in training.</summary>
public class StochasticPoolTests
{
    /// <summary>The paper's kind of window: probabilities 0.4, 0, 0 and 0.6, so that 0.4 · 1.6 + 0.6 · 2.4 = 2.08.</summary>
    private static readonly float[] Window = [1.6f, 0, 0, 2.4f];

    [Test]
    public void In_use_elements_are_weighted_by_themselves()
    {
        Input x = Tensors.Input("x", 1, 1, 2, 4);
        Value y = x.StochasticPool2d(2);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [y, .. Gradient.Of(y.Sum(), x)], GraphRunner.Feeds([(x, Tensors.Of(x, 1.6f, 0, 0, 0, 0, 2.4f, 0, 0))]));
        Assert.Multiple(() =>
        {
            Assert.That(results[0].Floats(), Is.EqualTo(new[] { 2.08f, 0 }).Within(1e-6f));
            // (2a − 2.08) / 4, and nothing where all are zero.
            Assert.That(results[1].Floats(), Is.EqualTo(new[] { 0.28f, -0.52f, 0, 0, -0.52f, 0.68f, 0, 0 }).Within(1e-6f));
        });
    }

    /// <summary>The first element at which the running sum is at least the share of the whole sum.</summary>
    [TestCase(0.01f, 0)]
    [TestCase(0.39f, 0)]
    [TestCase(0.41f, 3)]
    [TestCase(0.99999994f, 3)]
    public void In_training_one_element_is_drawn_and_gets_the_gradient(float share, int drawn)
    {
        (float[] y, float[] gradient) = Train(Window, [share]);
        float[] expected = new float[4];
        expected[drawn] = 1;
        Assert.That(y, Is.EqualTo(new[] { Window[drawn] }));
        Assert.That(gradient, Is.EqualTo(expected));
    }

    [Test]
    public void A_window_of_zeros_gives_zero()
    {
        (float[] y, float[] gradient) = Train(new float[4], [0.5f]);
        Assert.That(y, Is.EqualTo(new float[] { 0 }));
        Assert.That(gradient, Has.None.NaN);
    }

    [Test]
    public void Elements_are_drawn_as_often_as_they_are_large()
    {
        const int Draws = 20_000;
        float[] weights = [1, 3, 0, 4];
        var shares = new float[Draws];
        new UniformNoise().Fill(shares, new CounterRandom(3, "shares"));
        float[] y = Train([.. Enumerable.Repeat(weights, Draws).SelectMany(w => w)], shares).Value;
        Assert.Multiple(() =>
        {
            foreach (float weight in weights)
            {
                // Four standard deviations of a binomial with p = 1/2.
                double share = y.Count(v => v == weight) / (double)Draws;
                Assert.That(share, Is.EqualTo(weight / 8).Within(4 * 0.5 / Math.Sqrt(Draws)), $"{weight}");
            }
        });
    }

    /// <summary>A gradient that is itself part of the network goes to the elements that its layer drew.</summary>
    [Test]
    public void A_gradient_in_the_network_gets_the_same_random_numbers()
    {
        Value x = Network.Input("x", 1, 2, 2);
        Value y = x.StochasticPool2d(2, name: "pool").Sum();
        Network trained = NetworkBuilder.Build([y, Gradient.Of(y, x)[0]], "net").WithBatch(1).ForTraining().Network;
        Input noise = trained.Inputs.Single(i => i.Kind == InputKind.Noise);
        using var runner = new GraphRunner(trained.Outputs);
        IReadOnlyList<TensorData> results = runner.Run(GraphRunner.Feeds(
            [(trained.Inputs[0], Tensors.Of([1, 1, 2, 2], Window)), (noise, Tensors.Of([1, 1, 1, 1], 0.7f))]));
        Assert.Multiple(() =>
        {
            Assert.That(noise.Name, Is.EqualTo("pool/noise"));
            Assert.That(noise.Noise, Is.EqualTo(new UniformNoise()));
            Assert.That(results[0].Floats(), Is.EqualTo(new[] { 2.4f }));
            Assert.That(results[1].Floats(), Is.EqualTo(new float[] { 0, 0, 0, 1 }));
        });
    }

    /// <summary>Windows of 2x2 stand one after the other as samples; the gradient is that of their sum.</summary>
    private static (float[] Value, float[] Gradient) Train(float[] windows, float[] shares)
    {
        Network network = Network.Input("x", 1, 2, 2).StochasticPool2d(2).Build("net").WithBatch(shares.Length).ForTraining().Network;
        Value y = network.Outputs[0], x = network.Inputs[0], uniform = network.Inputs[1];
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [y, .. Gradient.Of(y.Sum(), x)], GraphRunner.Feeds([(x, Tensors.Of(x, windows)), (uniform, Tensors.Of(uniform, shares))]));
        return (results[0].Floats(), results[1].Floats());
    }
}

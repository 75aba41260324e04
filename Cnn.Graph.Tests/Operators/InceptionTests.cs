using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Inception modules as layers, and adaptive pooling.</summary>
public class InceptionTests
{
    /// <summary>
    /// 256 maps of 28x28: the naive module multiplies three times as much, and gives the more channels the more it is given.
    /// </summary>
    [Test]
    public void The_reduced_module_costs_less_than_the_naive_one()
    {
        Value x = Network.Input("x", 256, 28, 28);
        NetworkSummary naive = NetworkSummary.Of(x.InceptionNaive(128, 192, 96).Build("naive"));
        NetworkSummary reduced = NetworkSummary.Of(x.Inception(128, 64, 192, 64, 96, 64).Build("reduced"));
        Assert.Multiple(() =>
        {
            Assert.That(naive.Layers[^1].Output, Is.EqualTo(new long[] { 128 + 192 + 96 + 256, 28, 28 }));
            Assert.That(naive.Macs, Is.EqualTo(28 * 28 * 256 * (128 + (9 * 192) + (25 * 96))));
            Assert.That(reduced.Layers[^1].Output, Is.EqualTo(new long[] { 128 + 192 + 96 + 64, 28, 28 }));
            Assert.That(reduced.Macs, Is.EqualTo(28 * 28 * ((256 * (128 + 64 + 64 + 64)) + (64 * ((9 * 192) + (25 * 96))))));
        });
    }

    /// <summary>Each layer is called as in the paper, and normalization stands between convolution and rectifier.</summary>
    [Test]
    public void Layers_have_names()
    {
        Value x = Network.Input("x", 4, 8, 8);
        Network network = x.Inception(1, 2, 3, 4, 5, 6, normalize: y => y.BatchNorm(name: "bn"), name: "inception_3a").InceptionNaive(1, 1, 1).Build("net");
        Assert.That(network.Nodes.Select(n => n.Name), Is.EqualTo(new[]
        {
            "inception_3a/1x1", "inception_3a/1x1/bn", "inception_3a/relu_1x1",
            "inception_3a/3x3_reduce", "inception_3a/3x3_reduce/bn", "inception_3a/relu_3x3_reduce",
            "inception_3a/3x3", "inception_3a/3x3/bn", "inception_3a/relu_3x3",
            "inception_3a/5x5_reduce", "inception_3a/5x5_reduce/bn", "inception_3a/relu_5x5_reduce",
            "inception_3a/5x5", "inception_3a/5x5/bn", "inception_3a/relu_5x5",
            "inception_3a/pool", "inception_3a/pool_proj", "inception_3a/pool_proj/bn", "inception_3a/relu_pool_proj", "inception_3a/output",
            "inception1/1x1", "inception1/relu_1x1", "inception1/3x3", "inception1/relu_3x3", "inception1/5x5", "inception1/relu_5x5",
            "inception1/pool", "inception1/output",
        }));
    }

    [Test]
    public void Kernels_start_as_they_are_told_to_and_have_biases_where_nothing_normalizes()
    {
        Value x = Network.Input("x", 4, 8, 8);
        Network biased = x.Inception(1, 2, 3, 4, 5, 6, weightInitializer: Initializer.Constant(3), biasInitializer: Initializer.Constant(0.2)).Build("net");
        Network normalized = x.Inception(1, 2, 3, 4, 5, 6, largeKernel: 3, normalize: y => y.BatchNorm()).Build("net");
        Assert.Multiple(() =>
        {
            Assert.That(biased.Parameters.Where(p => p.Role == ParameterRole.Weight).Select(p => p.Initializer.Draw(p, 1).Floats()[0]), Is.All.EqualTo(3f));
            Assert.That(biased.Parameters.Where(p => p.Role == ParameterRole.Bias).Select(p => p.Initializer.Draw(p, 1).Floats()[0]), Is.All.EqualTo(0.2f));
            Assert.That(biased.Parameters.Count(p => p.Role == ParameterRole.Bias), Is.EqualTo(6));
            Assert.That(normalized.Parameters.Where(p => p.Name.EndsWith("/bias", StringComparison.Ordinal)), Is.Empty);
            Assert.That(normalized.Parameters.Single(p => p.Name == "inception1/5x5/weight").Shape.Sizes(), Is.EqualTo(new long[] { 5, 4, 3, 3 }));
        });
    }

    /// <summary>Seven rows in four windows: 0 and 1, 1 to 3, 3 to 5, 5 and 6.</summary>
    [Test]
    public void Adaptive_windows_overlap_where_the_sizes_do_not_divide()
    {
        Input x = Tensors.Input("x", 1, 1, 7, 1);
        float[] means = GraphRunner.Evaluate(x.AdaptiveAveragePool2d((4, 1)), (x, Tensors.Of(x, 1, 2, 4, 8, 16, 32, 64)));
        Assert.That(means, Is.EqualTo(new float[] { 1.5f, 14f / 3, 56f / 3, 48 }).Within(1e-6f));
    }

    [Test]
    public void Adaptive_windows_that_fit_are_one_pooling() => Assert.That(
        Network.Input("x", 2, 14, 12).AdaptiveAveragePool2d((7, 4), name: "pool").Build("net").Nodes.Select(n => n.Name), Is.EqualTo(new[] { "pool" }));
}

using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>Connections as the paper on LeNet-5 counts them, and what convolutions and dense layers have of a network.</summary>
public class CostTests
{
    private static readonly NetworkSummary LeNet5 = NetworkSummary.Of(Architecture.Find("lenet5-original").Build());

    /// <summary>Subsampling is two layers here, the mean and what is trained about it.</summary>
    [TestCase("c1", 122_304)]
    [TestCase("s2", 5_880)]
    [TestCase("c3", 151_600)]
    [TestCase("s4", 2_000)]
    [TestCase("c5", 48_120)]
    [TestCase("f6", 10_164)]
    [TestCase("output", 840)]
    public void Connections_of_LeNet_5(string layer, long expected) => Assert.That(
        LeNet5.Layers.Where(l => l.Name == layer || l.Name.StartsWith($"{layer}/", StringComparison.Ordinal)).Sum(l => l.Connections),
        Is.EqualTo(expected));

    [Test]
    public void LeNet_5_has_340_908_connections() => Assert.That(LeNet5.Connections, Is.EqualTo(340_908));

    private static IEnumerable<TestCaseData> Layers =>
    [
        Case("a convolution with biases", x => x.Conv2d(4, 3), 7 * 7 * 4 * ((9 * 8) + 1)),
        Case("a convolution without", x => x.Conv2d(4, 3, stride: 2, padding: 1, bias: false), 5 * 5 * 4 * 9 * 8),
        Case("groups", x => x.Conv2d(4, 3, groups: 2), 7 * 7 * 4 * ((9 * 4) + 1)),
        Case("a kernel that is turned", x => x.TrueConv2d(4, 3), 7 * 7 * 4 * ((9 * 8) + 1)),
        Case("some of the maps", x => x.PartialConv2d([[0, 1], [7]], 3), 7 * 7 * ((9 * 3) + 2)),
        Case("a transposed convolution", x => x.ConvTranspose2d(4, 2, stride: 2), (9 * 9 * 8 * 4 * 4) + (18 * 18 * 4)),
        Case("a locally connected layer", x => x.LocallyConnected2d(4, 3), 7 * 7 * 4 * ((9 * 8) + 1)),
        Case("a dense layer", x => x.Flatten().Dense(10), 10 * ((9 * 9 * 8) + 1)),
        Case("a pool", x => x.MaxPool2d(3), 3 * 3 * 8 * 9),
        Case("a global pool", x => x.GlobalAveragePool(), 9 * 9 * 8),
        Case("trained subsampling", x => x.TrainableSubsampling2d(3), 3 * 3 * 8 * (9 + 1)),
        Case("biases of a normalisation", x => x.BatchNorm(), 9 * 9 * 8),
        Case("nothing is weighted", x => x.Relu().Add(x).Concat(x), 0),
    ];

    [TestCaseSource(nameof(Layers))]
    public void Connections(Func<Value, Value> build, long expected)
    {
        ArgumentNullException.ThrowIfNull(build);
        Assert.That(NetworkSummary.Of(build(Network.Input("image", 8, 9, 9)).Build("net")).Connections, Is.EqualTo(expected));
    }

    /// <summary>
    /// Convolutions have about 90 to 95 % of the computation and 5 % of the parameters (Krizhevsky, "One weird trick for parallelizing
    /// convolutional neural networks", 2014); the shares were computed elsewhere.
    /// </summary>
    [Test]
    public void Shares_of_AlexNet()
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find("alexnet-grouped").Build());
        Assert.Multiple(() =>
        {
            Assert.That(summary.Convolutions.MacShare, Is.EqualTo(0.9191).Within(5e-5));
            Assert.That(summary.Dense.ParameterShare, Is.EqualTo(0.9617).Within(5e-5));
            Assert.That(summary.Convolutions.Layers, Is.EqualTo(5));
            Assert.That(summary.Dense.Layers, Is.EqualTo(3));
            Assert.That(summary.Convolutions.Parameters + summary.Dense.Parameters, Is.EqualTo(summary.Parameters));
            Assert.That(summary.Convolutions.Macs + summary.Dense.Macs, Is.EqualTo(summary.Macs));
        });
    }

    /// <summary>C3's kernels are placed before they are used, subsampling and prototypes are neither.</summary>
    [Test]
    public void Shares_of_LeNet_5() => Assert.Multiple(() =>
    {
        Assert.That(LeNet5.Convolutions.Parameters, Is.EqualTo(156 + 1_516 + 48_120));
        Assert.That(LeNet5.Dense.Parameters, Is.EqualTo(10_164));
        Assert.That(LeNet5.Convolutions.ParameterShare, Is.EqualTo(49_792 / 60_000.0));
    });

    /// <summary>A product of two activations is no dense layer, and shared kernels count once.</summary>
    [Test]
    public void Shares_of_products_and_shared_kernels()
    {
        Value x = Network.Input("image", 4, 8, 8), kernel = Network.Parameter("kernel", [4, 4, 1, 1]);
        NetworkSummary summary = NetworkSummary.Of(x.Conv2d(kernel).Conv2d(kernel).GramMatrix().Build("net"));
        const long Convolutions = 2 * 4 * 4 * 64, Gram = 4 * 4 * 64;
        Assert.Multiple(() =>
        {
            Assert.That(
                summary.Convolutions, Is.EqualTo(new LayerShare(2, 16, Convolutions, 1, Convolutions / (double)(Convolutions + Gram))));
            Assert.That(summary.Dense, Is.EqualTo(new LayerShare(0, 0, 0, 0, 0)));
        });
    }

    [Test]
    public void Nothing_has_shares_of_nothing() => Assert.That(
        NetworkSummary.Of(Network.Input("image", 1, 2, 2).Relu().Build("net")).Dense, Is.EqualTo(new LayerShare(0, 0, 0, 0, 0)));

    private static TestCaseData Case(string name, Func<Value, Value> build, long expected) =>
        new TestCaseData(build, expected).SetArgDisplayNames(name);
}

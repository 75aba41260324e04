using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;
using Value = Cnn.Graph.Ir.Value;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>Bytes of activations by hand.</summary>
public class MemoryTests
{
    /// <summary>Networks print themselves through the analysis, and training is made of networks: the analysis must not read it.</summary>
    [Test]
    public void The_analysis_knows_nothing_of_training() => Assert.That(
        Directory.GetFiles(SourceTree.PathOf("Cnn.Graph", "Analysis"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("using Cnn.Graph.Training;", StringComparison.Ordinal)),
        Is.Empty);

    /// <summary>The input has 256 numbers; a 1x1 convolution to n channels gives 64 · n.</summary>
    private static IEnumerable<TestCaseData> Forward =>
    [
        Case("a layer has its input and its output", x => x.Conv2d(8, 1), 4 + 8),
        Case("what was used last is freed", x => x.Conv2d(8, 1).Conv2d(2, 1).Conv2d(4, 1), 4 + 8),
        Case("nothing is overwritten", x => x.Conv2d(8, 1).Relu().Conv2d(1, 1), 8 + 8),
        Case("a shortcut stays", x => x.Conv2d(8, 1) is var y ? y.Conv2d(8, 1).Conv2d(8, 1).Add(y) : x, 8 + 8 + 8),
        Case("a branch waits for the other", x => x.Conv2d(8, 1).Concat(x.Conv2d(2, 1), x.Conv2d(1, 1)), 8 + 2 + 1 + 11),
        Case("the input stays while it is used", x => x.Conv2d(8, 1).Conv2d(2, 1).Concat(x), 4 + 8 + 2),
        Case("reshapes are the same bytes", x => x.Conv2d(8, 1).Reshape([64, 8]).Reshape([8, 8, 8]).Conv2d(1, 1), 4 + 8),
        Case("what comes of parameters alone is none", x => x.TrueConv2d(8, 1), 4 + 8),
    ];

    [TestCaseSource(nameof(Forward))]
    public void Bytes_at_once(Func<Value, Value> build, long numbersPerPixel)
    {
        ArgumentNullException.ThrowIfNull(build);
        NetworkSummary summary = NetworkSummary.Of(build(Network.Input("image", 4, 8, 8)).Build("net"));
        Assert.That(summary.ForwardBytes, Is.EqualTo(numbersPerPixel * 64 * 4));
    }

    /// <summary>Outputs are for the caller, so that they stay.</summary>
    [Test]
    public void Outputs_stay()
    {
        Value x = Network.Input("image", 4, 8, 8), head = x.Conv2d(8, 1);
        Network network = NetworkBuilder.Build([x.Conv2d(2, 1).Conv2d(1, 1), head], "net");
        Assert.That(NetworkSummary.Of(network).ForwardBytes, Is.EqualTo((8 + 1 + 4) * 64 * 4));
    }

    /// <summary>
    /// A convolution's gradient takes its input, tanh's its output, the loss keeps the scores' probabilities and which class is right. The
    /// flattened numbers are the same bytes as those before, and the first layer's own output is not taken again.
    /// </summary>
    [Test]
    public void Training_keeps_what_the_backward_pass_takes()
    {
        Network network = Network.Input("image", 1, 8, 8).Conv2d(2, 3).Tanh().Flatten().Dense(5).Build("net");
        TrainingMemory memory = TrainingMemory.Of(network, Loss.SoftmaxCrossEntropy(), Optimizer.Adam());
        Assert.Multiple(() =>
        {
            Assert.That(memory.SampleBytes, Is.EqualTo(4 * (64 + 72 + 5 + 5)));
            Assert.That(memory.ParameterBytes, Is.EqualTo(4 * (20 + 365)));
            Assert.That(memory.GradientBytes, Is.EqualTo(memory.ParameterBytes));
            Assert.That(memory.StateBytes - (2 * memory.ParameterBytes), Is.InRange(0, 16), "two moments and the powers of beta");
            Assert.That(memory.Bytes(32), Is.EqualTo((32 * memory.SampleBytes) + (2 * memory.ParameterBytes) + memory.StateBytes));
        });
    }

    /// <summary>A sum hands its gradient on and a rectifier keeps its output alone; dropout keeps its mask.</summary>
    [TestCase("sum", 64 + 72 + 72 + 72)]
    [TestCase("relu", 64 + 72)]
    [TestCase("dropout", 64 + 72 + 72)]
    [TestCase("max pool", 64 + 72 + 18)]
    [TestCase("average pool", 64 + 18)]
    public void Layers_keep_what_their_gradients_take(string layer, int numbers)
    {
        Value x = Network.Input("image", 1, 8, 8).Conv2d(2, 3);
        Value y = layer switch
        {
            "sum" => x.Relu().Add(x.Tanh()),
            "relu" => x.Relu(),
            "dropout" => x.Dropout(0.5),
            "max pool" => x.MaxPool2d(2),
            _ => x.AveragePool2d(2),
        };
        TrainingMemory memory = TrainingMemory.Of(y.Flatten().Dense(5).Build("net"), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd());
        Assert.That(memory.SampleBytes, Is.EqualTo(4 * (numbers + 5 + 5)));
    }

    [Test]
    public void Frozen_parameters_have_no_gradient()
    {
        Network network = Network.Input("image", 1, 8, 8).Conv2d(2, 3, name: "first").BatchNorm().Flatten().Dense(5).Build("net");
        TrainingMemory memory = TrainingMemory.Of(
            network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(momentum: 0.9) with { Groups = new(ParameterGroup.Frozen("first/*")) });
        Assert.Multiple(() =>
        {
            Assert.That(memory.ParameterBytes, Is.EqualTo(4 * (20 + 4 + 4 + 365)), "running statistics too");
            Assert.That(memory.GradientBytes, Is.EqualTo(4 * (4 + 365)));
            Assert.That(memory.StateBytes, Is.EqualTo(memory.GradientBytes));
        });
    }

    /// <summary>
    /// 15,237,608 numbers are in the input and the distinct outputs of VGG-16's layers, computed elsewhere. Training also keeps two masks
    /// and two outputs of dropout, and the right classes beside the scores' probabilities.
    /// </summary>
    [Test]
    public void VGG_16_keeps_each_layer_once()
    {
        Architecture vgg = Architecture.Find("vgg16");
        var memory = TrainingMemory.Of(vgg.Build(), vgg.Recipe.Loss, vgg.Recipe.Optimizer);
        Assert.That(memory.SampleBytes, Is.EqualTo(4 * (15_237_608 + (4 * 4_096) + 1_000)));
    }

    [Test]
    public void A_bound_batch_is_refused() => Assert.That(
        () => TrainingMemory.Of(Network.Input("x", 4).Dense(2).Build("net").WithBatch(8), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd()),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("WithBatch"));

    /// <summary>Every architecture can say what it takes to train it.</summary>
    [Test]
    public void Every_recipe_tells_its_memory() => Assert.Multiple(() =>
    {
        foreach (Architecture architecture in Architecture.All)
        {
            Network network = architecture.Build();
            var memory = TrainingMemory.Of(network, architecture.Recipe.Loss, architecture.Recipe.Optimizer);
            Assert.That(memory.SampleBytes, Is.GreaterThan(NetworkSummary.Of(network).ForwardBytes / 2), architecture.Id);
            Assert.That(memory.GradientBytes, Is.EqualTo(4 * network.ParameterCount), architecture.Id);
        }
    });

    private static TestCaseData Case(string name, Func<Value, Value> build, int numbers) =>
        new TestCaseData(build, numbers).SetArgDisplayNames(name);
}

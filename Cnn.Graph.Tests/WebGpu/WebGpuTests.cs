using Cnn.Graph.Architectures;
using Cnn.Graph.Lowering;
using Cnn.Graph.Onnx;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.WebGpu;

/// <summary>WebGPU against the CPU. Nothing may fall back: the library forbids it to its sessions.</summary>
[WebGpu]
public class WebGpuTests
{
    private static IEnumerable<TestCaseData> Families =>
        GradientCases.Families.Select(family => new TestCaseData(family.Cases.Where(c => !HasVolumes(c)).ToList()).SetArgDisplayNames(family.Name));

    [TestCaseSource(nameof(Families))]
    public void Values_and_gradients_are_those_of_the_CPU(IReadOnlyList<GradientCase> cases) => DeviceOperators.RequireAlike(Device.WebGpu, cases);

    private static bool HasVolumes(GradientCase c) => c.Leaves.Append(c.Output).Any(v => v.Shape.Rank > 4);

    /// <summary>Three batches an epoch, the last one of 7.</summary>
    [Test]
    public void LeNet_trains_as_on_the_CPU() => DeviceTraining.RequireAlike(
        Device.WebGpu, Architecture.Find("lenet5").Build(), Digits.Of(39, classes: 10, side: 28), batchSize: 16, steps: 5);

    /// <summary>ONNX's local response normalisation does not exist there; it is said in other words.</summary>
    [Test]
    public void GoogLeNet_with_heads_trains_as_on_the_CPU()
    {
        Architecture googlenet = Architecture.Find("googlenet-bvlc-aux");
        DeviceTraining.RequireAlike(
            Device.WebGpu, googlenet.Build(classes: 4, input: [3, 64, 64], width: 0.0625), Digits.Of(4, side: 64, channels: 3), batchSize: 2, steps: 2,
            Optimizer.Sgd(0.01), googlenet.Recipe.Loss);
    }

    private static IEnumerable<TestCaseData> Trained => new (string Id, double Width, int[] Input, float Rate)[]
    {
        ("lenet5", 1, [1, 28, 28], 0.02f),
        ("mnist-convnet", 0.25, [1, 40, 40], 0.01f),
        ("vgg11", 0.0625, [3, 32, 32], 0.01f),
        ("googlenet-bvlc-aux", 0.125, [3, 64, 64], 0.01f),
        ("resnet20-cifar", 0.25, [3, 16, 16], 0.002f),
    }.Select(row => new TestCaseData(row.Id, row.Width, row.Input, row.Rate).SetArgDisplayNames(row.Id));

    /// <summary>Twenty steps, plain ones: what is compared is the device, not how optimisers sharpen differences.</summary>
    [TestCaseSource(nameof(Trained))]
    [Category("Long")]
    public void Twenty_steps_are_those_of_the_CPU(string id, double width, int[] input, float rate)
    {
        Architecture architecture = Architecture.Find(id);
        DeviceTraining.RequireAlike(
            Device.WebGpu, architecture.Build(classes: 4, input, width), Digits.Of(12, side: input[1], channels: input[0]), batchSize: 4, steps: 20,
            Optimizer.Sgd(rate), architecture.Recipe.Loss);
    }

    /// <summary>Some of their operators are missing there and some wrong.</summary>
    [Test]
    public void Volumes_are_refused()
    {
        Network network = Network.Input("x", 1, 4, 4, 4).Conv3d(2, kernel: 3, name: "conv").Flatten().Dense(2).Build("volumes");
        Assert.That(() => TrainModel.Of(network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(), limits: DeviceLimits.Of(Device.WebGpu)),
            Throws.TypeOf<CnnGraphException>().With.Message.Contains("WebGPU runs no layers on volumes, but 'conv' gives [N, 2, 2, 2, 2]"));
    }

    [Test]
    public void A_placement_names_the_nodes_that_fall_back()
    {
        OnnxModel model = Model.Initialize(Network.Input("x", 3, 4, 4).LocalResponseNorm(name: "norm").Relu(name: "relu").Build("lrn")).ToOnnx();

        IReadOnlyList<NodePlacement> nodes = NodePlacement.Of(model, Device.WebGpu);

        Assert.That(nodes.Single(n => n.Operator == "LRN"), Is.EqualTo(new NodePlacement("norm", "LRN", "CPUExecutionProvider")));
        Assert.That(nodes.Single(n => n.Operator == "Relu").Provider, Is.EqualTo("WebGpuExecutionProvider"));
        Assert.That(() => new DeviceSession(model.ToBytes(), Device.WebGpu),
            Throws.TypeOf<CnnGraphException>().With.Message.Contains("on the CPU would run LRN (norm)"));
        using var session = new DeviceSession(model.ToBytes(), Device.WebGpu, allowCpuFallback: true);
    }
}

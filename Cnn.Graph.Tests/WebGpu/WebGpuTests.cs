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

    /// <summary>Local response normalisation among them, which does not exist there and is said in other words.</summary>
    [TestCaseSource(typeof(TrainedNetwork), nameof(TrainedNetwork.Cases))]
    public void Twenty_steps_are_those_of_the_CPU(TrainedNetwork network) => network.RequireAlike(Device.WebGpu);

    [Test]
    public void Half_precision_trains_nearly_as_on_the_CPU() => TrainedNetwork.Quick[0].RequireAlike(Device.WebGpu, TrainingPrecision.Float16);

    [Test]
    public void A_training_moves_to_the_CPU_and_back() => DeviceTraining.RequireMovable(Device.WebGpu);

    /// <summary>Its queue takes commands from one thread at a time; the trainers take turns.</summary>
    [Test]
    public void Trainers_at_once_learn_as_one_alone()
    {
        TrainingOptions options = DeviceTraining.Options(Device.WebGpu, batchSize: 4, steps: 12);
        (double[] Losses, Dictionary<string, float[]> Weights) alone = DeviceTraining.Train(Digits.Network(), Digits.Of(12), options);
        Task<(double[] Losses, Dictionary<string, float[]> Weights)>[] trainings =
            [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => DeviceTraining.Train(Digits.Network(), Digits.Of(12), options)))];
        Assert.That(Task.WhenAll(trainings).GetAwaiter().GetResult().Select(t => t.Losses), Is.All.EqualTo(alone.Losses));
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

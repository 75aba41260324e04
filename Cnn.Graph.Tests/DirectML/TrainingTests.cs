using Cnn.Graph.Architectures;
using Cnn.Graph.Data;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>
/// Training on DirectML against training on the CPU. Nothing may fall back: the library forbids it to its sessions. Sizes are odd on
/// purpose: numbers of elements that are no multiple of four are where DirectML's graph compiler is touchy.
/// </summary>
[DirectML]
public class TrainingTests
{
    private static IEnumerable<TestCaseData> Optimizers =>
    [
        new TestCaseData(Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 1e-3, MomentumForm.Nesterov)).SetArgDisplayNames("Nesterov"),
        new TestCaseData(Optimizer.RmsProp(0.01, momentum: 0.5, tensorFlow: true)).SetArgDisplayNames("RMSProp"),
        new TestCaseData(Optimizer.Adagrad(0.05)).SetArgDisplayNames("Adagrad"),
        new TestCaseData(Optimizer.Adam(0.01, amsGrad: true)).SetArgDisplayNames("AMSGrad"),
        new TestCaseData(Optimizer.AdamW(0.01) with { Clipping = GradientClipping.GlobalNorm(0.5) }).SetArgDisplayNames("AdamW, clipped"),
        new TestCaseData(Optimizer.Sgd(0.05) with { Clipping = GradientClipping.Value(0.01) }).SetArgDisplayNames("SGD, cut"),
        new TestCaseData(Optimizer.Adam(0.01) with { AccumulationSteps = 2, AveragingDecay = 0.9 }).SetArgDisplayNames("Adam, two batches a step, averages"),
    ];

    [Test]
    public void LeNet_trains_as_on_the_CPU() => // three batches an epoch, the last one of 7
        RequireAlike(Architecture.Find("lenet5").Build(), Digits.Of(39, classes: 10, side: 28), batchSize: 16, steps: 5);

    [TestCaseSource(typeof(TrainedNetwork), nameof(TrainedNetwork.Cases))]
    public void Twenty_steps_are_those_of_the_CPU(TrainedNetwork network) => network.RequireAlike(Device.DirectML());

    /// <summary>
    /// Not Inception-v3, whose gradients are more rounding than gradient in 16 bits while it is new; see docs/devices.md.
    /// </summary>
    [TestCaseSource(typeof(TrainedNetwork), nameof(TrainedNetwork.CasesInHalfPrecision))]
    public void Twenty_steps_in_half_precision_are_nearly_those_of_the_CPU(TrainedNetwork network) =>
        network.RequireAlike(Device.DirectML(), TrainingPrecision.Float16);

    /// <summary>
    /// One graph with every layer loads and trains without the CPU, and repeats bit for bit. Only the first loss is compared: this network
    /// is so bent that on the CPU alone a change of its pictures by 1e-6 moves gradients by up to 5 %. What each layer computes, forward
    /// and backward, <see cref="OperatorTests"/> compare.
    /// </summary>
    [Test]
    public void Every_kind_of_layer_trains_and_repeats()
    {
        ImageDataset set = Digits.Of(10, classes: 10, side: 16, channels: 3);
        TrainingOptions options = DeviceTraining.Options(Device.DirectML(), batchSize: 7, steps: 4);
        (double[] losses, Dictionary<string, float[]> weights) = DeviceTraining.Train(Networks.EveryLayer(), set, options);
        (double[] again, Dictionary<string, float[]> weightsAgain) = DeviceTraining.Train(Networks.EveryLayer(), set, options);
        (double[] expected, _) = DeviceTraining.Train(Networks.EveryLayer(), set, options with { Device = Device.Cpu, MaxSteps = 1 });
        Assert.Multiple(() =>
        {
            Assert.That(losses, Has.Length.EqualTo(4));
            Assert.That(losses[0], Is.EqualTo(expected[0]).Within(0.01).Percent);
            Assert.That(again, Is.EqualTo(losses));
            Assert.That(weightsAgain, Is.EqualTo(weights));
        });
    }

    [Test]
    public void Kernels_of_every_shape_train_as_on_the_CPU(
        [Values(1, 3)] int channels, [Values(5)] int outputs, [Values("1x1", "3x3", "1x3", "3x2")] string kernel)
    {
        int[] size = [.. kernel.Split('x').Select(int.Parse)];
        Network network = Network.Input("image", channels, 5, 5).Conv2d(outputs, kernel: (size[0], size[1])).Tanh().Flatten().Dense(3).Build("kernels");
        RequireAlike(network, Digits.Of(5, classes: 3, side: 5, channels: channels), batchSize: 3, steps: 2);
    }

    [Test]
    public void The_mean_squared_error_is_trained_as_on_the_CPU() =>
        RequireAlike(Small().WithBatch(5), Digits.Of(10, classes: 3, side: 5), batchSize: 5, steps: 3, loss: Loss.MeanSquaredError());

    [Test]
    public void The_criterion_of_LeNet_is_trained_as_on_the_CPU()
    {
        Network network = Network.Input("image", 1, 5, 5).Conv2d(3, kernel: 3).Tanh().Flatten().Dense(7).Tanh().RbfOutput(3).Build("rbf");
        RequireAlike(network, Digits.Of(10, classes: 3, side: 5), batchSize: 5, steps: 3, Optimizer.Sgd(0.005), Loss.MaximumAPosteriori());
    }

    [TestCaseSource(nameof(Optimizers))]
    public void Every_optimiser_trains_as_on_the_CPU(Optimizer optimizer) =>
        RequireAlike(Small(), Digits.Of(5, classes: 3, side: 5), batchSize: 3, steps: 3, optimizer);

    [Test]
    public void The_working_set_stays_flat_and_memory_returns_after_Dispose()
    {
        // Shaders are compiled and pools filled in the first rounds; later ones must add nothing.
        var sizes = new List<long>();
        for (int round = 0; round < 4; round++)
        {
            using (var trainer = new Trainer(Digits.Network(), DeviceTraining.Options(Device.DirectML(), batchSize: 8, steps: 100)))
            {
                trainer.Fit(Digits.Of(8));
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            sizes.Add(Environment.WorkingSet);
        }

        Assert.That(sizes[3] - sizes[1], Is.LessThan(16 << 20), $"bytes that two rounds of 100 steps added: {string.Join(", ", sizes)}");
    }

    [Test]
    public void A_training_moves_to_the_CPU_and_back() => DeviceTraining.RequireMovable(Device.DirectML());

    [Test]
    public void The_working_set_stays_flat_over_500_steps()
    {
        using var trainer = new Trainer(Digits.Network(), DeviceTraining.Options(Device.DirectML(), batchSize: 8, steps: 500));
        var sizes = new SortedDictionary<long, long>();
        trainer.Fit(Digits.Of(8), progress: new WorkingSets(sizes));
        Assert.That(sizes.Keys, Is.EqualTo(new[] { 100, 200, 300, 400, 500 }));
        Assert.That(sizes[500] - sizes[100], Is.LessThan(8 << 20), string.Join(", ", sizes.Values));
    }

    private sealed class WorkingSets(IDictionary<long, long> sizes) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step % 100 == 0)
            {
                sizes[value.Step] = Environment.WorkingSet;
            }
        }
    }

    private static Network Small() => Network.Input("image", 1, 5, 5).Conv2d(3, kernel: 3).Sigmoid().Flatten().Dense(3).Build("small");

    private static void RequireAlike(
        Network network, ImageDataset set, int batchSize, int steps, Optimizer? optimizer = null, Loss? loss = null) =>
        DeviceTraining.RequireAlike(Device.DirectML(), network, set, batchSize, steps, optimizer, loss);
}

using Cnn.Graph.Data;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>Training on a device against training on the CPU.</summary>
internal static class DeviceTraining
{
    /// <summary>
    /// Trains twice on the device, which must give the same bits, and once on the CPU, which must give nearly the same numbers.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="network">The network.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="batchSize">Pictures a step.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="optimizer">SGD with momentum and weight decay unless given.</param>
    /// <param name="loss">Softmax cross-entropy unless given.</param>
    /// <param name="precision">The numbers on the device.</param>
    /// <param name="eachTensor">Whether every tensor is compared by its own largest number, or all of them together.</param>
    public static void RequireAlike(
        Device device,
        Network network,
        ImageDataset set,
        int batchSize,
        int steps,
        Optimizer? optimizer = null,
        Loss? loss = null,
        TrainingPrecision precision = TrainingPrecision.Float32,
        bool eachTensor = true)
    {
        double tolerance = precision == TrainingPrecision.Float16 ? 1e-2 : 1e-4;
        DeviceComparison comparison = DeviceComparison.Of(network, set, Options(device, batchSize, steps) with
        {
            Optimizer = optimizer ?? Optimizer.Sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4),
            Loss = loss ?? Loss.SoftmaxCrossEntropy(),
            Precision = precision,
        });
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Losses, Has.Count.EqualTo(steps));
            Assert.That(comparison.LossDeviation, Is.LessThan(tolerance), "losses");
            Assert.That(comparison.Distance, Is.LessThan(tolerance), "all parameters and statistics");
            Assert.That(eachTensor ? comparison.WeightDeviation : 0, Is.LessThan(tolerance), comparison.WorstTensor);
            Assert.That(comparison.Repeats, "the same bits again");
            Assert.That(comparison.OnCpu, Is.Empty);
        });
    }

    /// <summary>A training that changes over to the CPU and back in its middle must lose and learn as one that stays there.</summary>
    public static void RequireMovable(Device device)
    {
        using var folder = new TemporaryFolder();
        TrainingOptions options = Options(device, batchSize: 4, steps: 9) with
        {
            Optimizer = Optimizer.Adam(0.01), CheckpointPath = folder["moved.checkpoint"],
        };
        ImageDataset set = Digits.Of(12);
        var losses = new StepLosses();
        foreach ((Device place, int steps) in new[] { (device, 3), (Device.Cpu, 6), (device, 9) })
        {
            using var trainer = new Trainer(Digits.Network(), options with { Device = place, MaxSteps = steps });
            if (steps > 3)
            {
                trainer.Resume(options.CheckpointPath!);
            }

            trainer.Fit(set, progress: losses);
        }

        (double[] expected, _) = Train(Digits.Network(), set, options with { Device = Device.Cpu, CheckpointPath = null });
        Assert.That(losses.Values, Is.EqualTo(expected).Within(0.01).Percent);
    }

    public static (double[] Losses, Dictionary<string, float[]> Weights) Train(Network network, ImageDataset set, TrainingOptions options)
    {
        using var trainer = new Trainer(network, options);
        var losses = new StepLosses();
        trainer.Fit(set, progress: losses);
        return ([.. losses.Values], trainer.AveragedModel.Weights.ToDictionary(w => w.Key, w => w.Value.Span<float>().ToArray()));
    }

    public static TrainingOptions Options(Device device, int batchSize, int steps) => new()
    {
        Device = device,
        BatchSize = batchSize,
        MaxSteps = steps,
        Epochs = steps,
        Seed = 0, // with another one an input of a rectifier may lie within rounding of zero, and fall to either side
    };
}

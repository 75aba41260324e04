using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>Training on a device against training on the CPU.</summary>
internal static class DeviceTraining
{
    /// <summary>
    /// Trains twice on the device, which must give the same bits, and once on the CPU, which must give nearly the same numbers.
    /// </summary>
    public static void RequireAlike(
        Device device, Network network, ImageDataset set, int batchSize, int steps, Optimizer? optimizer = null, Loss? loss = null)
    {
        TrainingOptions options = Options(device, batchSize, steps) with
        {
            Optimizer = optimizer ?? Optimizer.Sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4),
            Loss = loss ?? Loss.SoftmaxCrossEntropy(),
        };
        (double[] losses, Dictionary<string, float[]> weights) = Train(network, set, options);
        (double[] again, Dictionary<string, float[]> weightsAgain) = Train(network, set, options);
        (double[] expected, Dictionary<string, float[]> expectedWeights) = Train(network, set, options with { Device = Device.Cpu });
        Assert.Multiple(() =>
        {
            Assert.That(losses, Has.Length.EqualTo(steps));
            Assert.That(losses, Is.EqualTo(expected).Within(0.01).Percent, "losses");
            Assert.That(again, Is.EqualTo(losses), "losses of the same run again, bit for bit");
            foreach ((string name, float[] values) in expectedWeights)
            {
                Assert.That(weights[name], Is.EqualTo(values).Within(1e-4 * values.Max(Math.Abs)), name);
                Assert.That(weightsAgain[name], Is.EqualTo(weights[name]), $"{name} of the same run again, bit for bit");
            }
        });
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
        Seed = 3,
    };

    private sealed class StepLosses : IProgress<TrainingProgress>
    {
        public List<double> Values { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (value.Finished is null)
            {
                Values.Add(value.StepLoss);
            }
        }
    }
}

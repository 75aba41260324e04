using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>The masks that the trainer draws.</summary>
public class DropoutTrainingTests
{
    /// <summary>
    /// Pictures of ones and a layer that takes the mean of 400 kept or dropped elements. Elements are 1 / (1 − rate) with probability
    /// 1 − rate, so that the mean stays 1 with a variance of rate / (1 − rate) / 400: the squared error of the first step.
    /// </summary>
    [TestCase(0.25)]
    [TestCase(0.5)]
    [TestCase(0.8)]
    public void What_is_kept_makes_up_for_what_is_dropped(double rate)
    {
        const int Count = 256, Pixels = 400;
        var ones = new ImageDataset("ones", 1, 20, 20, Enumerable.Repeat((byte)255, Count * Pixels).ToArray(), new int[Count], ["one"]);
        Network network = Network.Input("image", 1, 20, 20).Flatten().Dropout(rate).Dense(1, weightInitializer: Initializer.Constant(1.0 / Pixels)).Build("mean");
        using var trainer = new Trainer(network, new TrainingOptions
        {
            Loss = Loss.MeanSquaredError(), Normalization = Normalization.ScaleOnly(1), BatchSize = Count, MaxSteps = 1, Device = Device.Cpu,
        });

        // The estimate of a variance from 256 numbers has a deviation of 9 %.
        Assert.That(trainer.Fit(ones).Epochs[0].Loss, Is.EqualTo(rate / (1 - rate) / Pixels).Within(25).Percent);
    }
}

using Cnn.Graph.Architectures;
using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>The main job, whole: half a minute on two cores.</summary>
[Category("Long")]
[Category("Mnist")]
public class MnistAccuracyTests
{
    [Test]
    public void LeNet_reaches_99_percent_on_MNIST_in_ten_epochs()
    {
        Architecture lenet = Architecture.Find("lenet5");
        DataSplits mnist = Mnist.Load();
        using var trainer = new Trainer(lenet.Build(), new TrainingOptions
        {
            Optimizer = lenet.Recipe.Optimizer,
            Schedule = lenet.Recipe.Schedule,
            BatchSize = lenet.Recipe.BatchSize,
            Epochs = 10,
            Normalization = mnist.Normalization,
            Device = Device.Cpu,
        });
        TrainingHistory history = trainer.Fit(mnist.Train, mnist.Test);
        Assert.That(history.Epochs[^1].ValidationAccuracy, Is.GreaterThanOrEqualTo(0.99));
    }
}

using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

/// <summary>The data sets themselves; they are fetched once and then read from the cache.</summary>
public class RealDataTests
{
    [Test]
    [Category("Mnist")]
    public void MNIST_is_what_the_literature_says()
    {
        DataSplits mnist = Mnist.Load();

        Assert.That(mnist.ToString(), Is.EqualTo("MNIST: 60000 + 10000 images of 1x28x28"));
        Assert.That(mnist.Train.Labels[..8].ToArray(), Is.EqualTo(new[] { 5, 0, 4, 1, 9, 2, 1, 3 }));
        Assert.That(mnist.Test.Labels[..8].ToArray(), Is.EqualTo(new[] { 7, 2, 1, 0, 4, 1, 4, 9 }));
        Assert.That(mnist.Train.Labels.ToArray().CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value),
            Is.EqualTo(new[] { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 }));
    }

    [Test]
    [Category("Mnist")]
    public void The_normalization_of_MNIST_is_that_of_its_training_set()
    {
        (double mean, double std) = PixelStatistics.Of(Mnist.Load().Train)[0];

        Assert.That(mean, Is.EqualTo(Normalization.Mnist.Mean[0]).Within(1e-4));
        Assert.That(std, Is.EqualTo(Normalization.Mnist.Std[0]).Within(1e-4));
    }

    [Test]
    [Category("FashionMnist")]
    [Explicit("Fetches 31 MB with apt-get, which not every system has.")]
    public void Fashion_MNIST_is_what_its_authors_say()
    {
        DataSplits fashion = FashionMnist.Load();

        Assert.That(fashion.ToString(), Is.EqualTo("Fashion-MNIST: 60000 + 10000 images of 1x28x28"));
        Assert.That(fashion.Train.Labels.ToArray().CountBy(l => l).Select(c => c.Value), Is.All.EqualTo(6000));
        Assert.That(fashion.Train.LabelNames[fashion.Train.Label(0)], Is.EqualTo("Ankle boot"));
        Assert.That(Normalization.Of(fashion.Train), Is.EqualTo(Normalization.FashionMnist));
    }
}

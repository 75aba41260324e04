using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class NormalizationTests
{
    [Test]
    public void Pixels_become_multiples_of_the_standard_deviation_around_the_mean()
    {
        var normalization = new Normalization([0.5f, 0f], [0.25f, 1f]);

        Assert.That(normalization.Apply(0), Is.EqualTo(-2f));
        Assert.That(normalization.Apply(255), Is.EqualTo(2f));
        Assert.That(normalization.Apply(51, channel: 1), Is.EqualTo(0.2f));
        Assert.That(Normalization.ScaleOnly(3).Apply(255, 2), Is.EqualTo(1f));
    }

    [Test]
    public void Statistics_of_a_set_are_per_channel()
    {
        var set = new ImageDataset("two", 2, 1, 2, new byte[] { 0, 255, 51, 51, 0, 255, 51, 51 }, new[] { 0, 0 }, ["only"]);

        Assert.That(Normalization.Of(set), Is.EqualTo(new Normalization([0.5f, 0.2f], [0.5f, 1f])), "a plain channel keeps its scale");
        Assert.That(() => Normalization.Of(set.Take(0)), Throws.ArgumentException.With.Message.Contains("no images"));
    }

    [Test]
    public void Equality_is_by_numbers()
    {
        Assert.That(new Normalization([0.1307f], [0.3081f]), Is.EqualTo(Normalization.Mnist));
        Assert.That(new Normalization([0.1307f], [0.3081f]).GetHashCode(), Is.EqualTo(Normalization.Mnist.GetHashCode()));
        Assert.That(Normalization.FashionMnist, Is.Not.EqualTo(Normalization.Mnist));
    }

    [Test]
    public void Text_for_metadata_reads_back()
    {
        Assert.That(Normalization.Cifar10.MeanText, Is.EqualTo("0.4914,0.4822,0.4465"));
        Assert.That(Normalization.Parse(Normalization.Cifar10.MeanText, Normalization.Cifar10.StdText), Is.EqualTo(Normalization.Cifar10));
    }

    [TestCase("", "1")]
    [TestCase("0.5", "0")]
    [TestCase("0.5,0.5", "1")]
    [TestCase("0.5", "NaN")]
    [TestCase("half", "1")]
    public void Other_text_is_refused(string mean, string std) =>
        Assert.That(
            () => Normalization.Parse(mean, std),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("no normalization"));
}

using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class BatchFillerTests
{
    private static readonly Normalization TwoChannels = new([0.1f, 0.2f], [0.5f, 0.25f]);

    [Test]
    public void Chosen_samples_arrive_normalized_and_in_order()
    {
        var filler = new BatchFiller(ImageDatasetTests.Pets(3), TwoChannels);
        var images = new float[12];
        var labels = new long[3];

        filler.Fill([2, 1], images, labels);

        float[] expected = [.. new byte[] { 8, 9, 10, 11, 4, 5, 6, 7 }.Select((pixel, i) => TwoChannels.Apply(pixel, i / 2 % 2))];
        Assert.That(images[..8], Is.EqualTo(expected));
        Assert.That(images[8..], Is.All.Zero, "what is beyond the batch stays");
        Assert.That(labels, Is.EqualTo(new long[] { 0, 1, 0 }));
    }

    [Test]
    public void Short_buffers_are_refused()
    {
        var filler = new BatchFiller(ImageDatasetTests.Pets(3), TwoChannels);

        Assert.That(() => filler.Fill([0, 1], new float[7], new long[2]),
            Throws.ArgumentException.With.Message.Contains("needs 8 floats and 2 labels"));
        Assert.That(() => filler.Fill([0, 1], new float[8], new long[1]), Throws.ArgumentException);
    }

    [Test]
    public void Samples_outside_the_set_are_refused() => Assert.That(
        () => new BatchFiller(ImageDatasetTests.Pets(3), TwoChannels).Fill([3], new float[4], new long[1]),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_normalization_of_other_channels_is_refused() => Assert.That(
        () => new BatchFiller(ImageDatasetTests.Pets(3), Normalization.Mnist),
        Throws.ArgumentException.With.Message.Contains("1 channels").And.Message.Contains("2x1x2"));
}

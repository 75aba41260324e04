using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class ImageDatasetTests
{
    private static readonly string[] Names = ["cat", "dog"];

    [Test]
    public void Gives_images_and_labels_by_index()
    {
        ImageDataset set = Pets(3);

        Assert.That(set.Count, Is.EqualTo(3));
        Assert.That(set.ClassCount, Is.EqualTo(2));
        Assert.That(set.Image(2).ToArray(), Is.EqualTo(new byte[] { 8, 9, 10, 11 }));
        Assert.That(set.Label(1), Is.EqualTo(1));
        Assert.That(set.ToString(), Is.EqualTo("pets: 3 images of 2x1x2, 2 classes"));
    }

    [Test]
    public void Slices_keep_images_and_labels_together()
    {
        ImageDataset slice = Pets(5).Slice(1, 3);

        Assert.That(slice.Count, Is.EqualTo(3));
        Assert.That(slice.Image(0).ToArray(), Is.EqualTo(new byte[] { 4, 5, 6, 7 }));
        Assert.That(slice.Labels.ToArray(), Is.EqualTo(new[] { 1, 0, 1 }));
    }

    [TestCase(2, 2)]
    [TestCase(0, 0)]
    [TestCase(9, 5)]
    public void Take_gives_what_there_is(int wanted, int given) => Assert.That(Pets(5).Take(wanted).Count, Is.EqualTo(given));

    [TestCase(-1)]
    [TestCase(3)]
    public void Images_outside_the_set_are_refused(int index)
    {
        Assert.That(() => { Pets(3).Image(index); }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Pets(3).Label(index), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Slices_outside_the_set_are_refused()
    {
        Assert.That(() => Pets(3).Slice(2, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Pets(3).Take(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Pixels_that_do_not_fit_the_labels_are_refused() => Assert.That(
        () => new ImageDataset("pets", 1, 2, 2, new byte[7], new[] { 0, 1 }, Names),
        Throws.ArgumentException.With.Message.Contains("pets: 2 labels need 8 pixels of 1x2x2 images, but 7"));

    [TestCase(2)]
    [TestCase(-1)]
    public void Labels_without_a_class_are_refused(int label) => Assert.That(
        () => new ImageDataset("pets", 1, 1, 1, new byte[2], new[] { 0, label }, Names),
        Throws.ArgumentException.With.Message.Contains($"label {label} of image 1 is not below the 2 classes"));

    [Test]
    public void Sets_of_different_shape_are_no_pair()
    {
        var other = new ImageDataset("big", 1, 5, 5, new byte[25], new[] { 0 }, Names);

        Assert.That(
            () => new DataSplits("pets", Pets(3), other),
            Throws.InstanceOf<DataFormatException>().With.Message.Contains("pets: 3 images")
                .And.Message.Contains("big: 1 images of 1x5x5"));
    }

    [Test]
    public void Pairs_come_apart_and_know_what_to_measure_with()
    {
        var splits = new DataSplits("pets", Pets(3), Pets(2));
        var (train, test) = splits;

        Assert.That((train.Count, test.Count), Is.EqualTo((3, 2)));
        Assert.That(splits.Evaluation, Is.SameAs(test));
        Assert.That(new DataSplits("pets", train, train.Take(0)).Evaluation, Is.SameAs(train));
        Assert.That(splits.ToString(), Is.EqualTo("pets: 3 + 2 images of 2x1x2"));
        Assert.That(() => new DataSplits("pets", train, test, Normalization.Mnist), Throws.ArgumentException);
    }

    internal static ImageDataset Pets(int count) => new(
        "pets", channels: 2, height: 1, width: 2,
        Enumerable.Range(0, count * 4).Select(i => (byte)i).ToArray(),
        Enumerable.Range(0, count).Select(i => i % 2).ToArray(),
        Names);

    [Test]
    public void A_canvas_puts_images_in_the_middle_of_black()
    {
        var set = new ImageDataset("two", 2, 1, 2, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, new[] { 0, 1 }, ["a", "b"]);

        ImageDataset canvas = set.OnCanvas(2, 5);

        Assert.That((canvas.Channels, canvas.Height, canvas.Width, canvas.Count), Is.EqualTo((2, 2, 5, 2)));
        Assert.That(canvas.Image(1).ToArray(), Is.EqualTo(new byte[] { 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0 }));
        Assert.That(canvas.Labels.ToArray(), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(() => set.OnCanvas(1, 1), Throws.TypeOf<CnnGraphException>().With.Message.Contains("1x1 is too small for 'two'"));
        Assert.That(() => set.OnCanvas(100_000, 100_000), Throws.TypeOf<CnnGraphException>().With.Message.Contains("more than 2 GiB"));
    }
}

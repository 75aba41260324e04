using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class CifarFileTests : DataFilesFixture
{
    [Test]
    public void Cifar10_records_have_one_label()
    {
        ImageDataset set = CifarFile.Read([WriteCifar("a.bin", [3], [9])], "set");

        Assert.That(set.ToString(), Is.EqualTo("set: 2 images of 3x32x32, 10 classes"));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new[] { 3, 9 }));
        Assert.That(set.LabelNames[set.Label(0)], Is.EqualTo("cat"));
        Assert.That((set.Image(1)[0], set.Image(1)[1024], set.Image(1)[3071]), Is.EqualTo((1, 2, 3)));
    }

    [Test]
    public void Cifar100_records_have_a_coarse_and_a_fine_label()
    {
        ImageDataset set = CifarFile.Read([WriteCifar("train.bin", [19, 99], [0, 1])], "set");

        Assert.That(set.ClassCount, Is.EqualTo(100));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new[] { 99, 1 }));
        Assert.That((set.LabelNames[99], set.LabelNames[1]), Is.EqualTo(("worm", "aquarium_fish")));
        Assert.That((set.Image(0)[0], set.Image(0)[3071]), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Fine_classes_are_a_hundred_in_alphabetical_order()
    {
        Assert.That(CifarLabels.Cifar100, Has.Count.EqualTo(100).And.Unique);
        Assert.That(CifarLabels.Cifar100, Is.EqualTo(CifarLabels.Cifar100.Order(StringComparer.Ordinal)));
    }

    [Test]
    public void Several_files_are_one_set_in_the_order_given()
    {
        ImageDataset set = CifarFile.Read([WriteCifar("b.bin", [5]), WriteCifar("a.bin", [6], [7])], "set");

        Assert.That(set.Labels.ToArray(), Is.EqualTo(new[] { 5, 6, 7 }));
        Assert.That(set.Image(1)[0], Is.Zero);
    }

    [Test]
    public void A_truncated_file_is_refused_with_what_is_left_over() => Fails(
        [WriteBytes("a.bin", new byte[3073 + 10])], "a.bin", "truncated", "3083 bytes", "10 or 9 bytes are left over");

    [Test]
    public void An_empty_file_is_refused() => Fails([WriteBytes("a.bin")], "a.bin", "0 bytes");

    [Test]
    public void A_missing_file_is_named() => Fails([InFolder("a.bin")], "a.bin", "does not exist");

    [Test]
    public void A_label_without_a_class_is_refused_with_its_place() => Fails(
        [WriteCifar("a.bin", [1]), WriteCifar("b.bin", [1], [10])], "b.bin': label 10 at index 1 is not below the number of classes, 10");

    [Test]
    public void Files_of_both_kinds_are_no_set() =>
        Fails([WriteCifar("a.bin", [1]), WriteCifar("b.bin", [1, 1])], "a.bin", "b.bin", "do not belong together");

    private static void Fails(string[] paths, params string[] words)
    {
        var error = Assert.Throws<DataFormatException>(() => CifarFile.Read(paths, "set"));
        foreach (string word in words)
        {
            Assert.That(error!.Message, Does.Contain(word));
        }
    }
}

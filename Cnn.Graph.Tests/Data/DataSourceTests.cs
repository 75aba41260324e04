using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class DataSourceTests : DataFilesFixture
{
    [TestCase("-", "")]
    [TestCase(".", "")]
    [TestCase("-", ".gz")]
    public void A_folder_of_four_IDX_files_is_a_data_set(string separator, string extension)
    {
        WriteMnistLike(separator, extension);

        DataSplits splits = DataSource.Open(Folder);

        Assert.That((splits.Train.Count, splits.Test.Count), Is.EqualTo((3, 1)));
        Assert.That(splits.Train.Name, Is.EqualTo($"{Path.GetFileName(Folder)} train"));
        Assert.That(splits.Normalization, Is.EqualTo(Normalization.Of(splits.Train)));
    }

    [Test]
    public void A_file_beside_the_images_names_the_classes()
    {
        WriteMnistLike("-", string.Empty);
        File.WriteAllText(InFolder("labels.txt"), "\uFEFFzero\none\r\ntwo\n");

        Assert.That(DataSource.Open(Folder).Test.LabelNames, Is.EqualTo(new[] { "zero", "one", "two" }));
    }

    [TestCase(3, "zero", "one", "2")]
    [TestCase(4, "zero", "one", "2", "3")]
    public void The_number_of_classes_may_be_named(int classes, params string[] names)
    {
        WriteMnistLike("-", string.Empty);
        File.WriteAllText(InFolder("labels.txt"), "zero\none\n");

        Fails(Folder, "train-labels", "label 2 at index 2 is not below the number of classes, 2");
        Assert.That(DataSource.Open(Folder, classes: classes).Train.LabelNames, Is.EqualTo(names));
        Assert.That(
            () => DataSource.Open(Folder, classes: 2),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("2 classes are too few").And.Message.Contains("takes 3"));
    }

    [Test]
    public void An_incomplete_folder_says_what_is_missing()
    {
        WriteMnistLike("-", string.Empty);
        File.Delete(InFolder("t10k-labels-idx1-ubyte"));

        Fails(Folder, Folder, "incomplete: t10k-labels-idx1-ubyte is missing");
    }

    [Test]
    public void A_folder_of_CIFAR10_is_a_data_set()
    {
        for (byte i = 1; i <= 5; i++)
        {
            WriteCifar($"data_batch_{i}.bin", [i]);
        }

        Fails(Folder, "test_batch.bin is missing");
        WriteCifar("test_batch.bin", [9], [8]);

        DataSplits splits = DataSource.Open(Folder);
        Assert.That(splits.Train.Labels.ToArray(), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(splits.Test.Labels.ToArray(), Is.EqualTo(new[] { 9, 8 }));
    }

    [Test]
    public void A_folder_of_CIFAR100_is_a_data_set()
    {
        WriteCifar("train.bin", [0, 50], [0, 51]);
        WriteCifar("test.bin", [0, 52]);

        DataSplits splits = DataSource.Open(Folder);
        Assert.That((splits.Train.Count, splits.Test.Count, splits.Test.ClassCount), Is.EqualTo((2, 1, 100)));
    }

    [Test]
    public void A_folder_without_data_says_what_it_may_hold() =>
        Fails(Folder, Folder, "train-images-idx3-ubyte", "data_batch_1.bin", "test.bin");

    [Test]
    public void IDX_files_are_named_in_pairs()
    {
        string train = $"{WriteImages("a", 3)},{WriteLabels("b", 1, 2, 3)}";
        string test = $"{WriteImages("c", 1)},{WriteLabels("d", 4)}";

        Assert.That(DataSource.Open($"{train},{test}").Test.Labels.ToArray(), Is.EqualTo(new[] { 4 }));
        DataSplits one = DataSource.Open(train);
        Assert.That((one.HasTest, one.Evaluation.Count), Is.EqualTo((false, 3)));
        Fails(InFolder("a"), "names 1 IDX file;", "IMAGES,LABELS");
        Fails($"{train},{InFolder("c")}", "names 3 IDX files");
        Fails($"{InFolder("a")},{InFolder("nowhere")}", "nowhere' does not exist");
    }

    [Test]
    public void CIFAR_files_are_split_by_name()
    {
        string train = WriteCifar("batch.bin", [1], [2]);
        string test = WriteCifar("my_test.bin", [3]);

        DataSplits both = DataSource.Open($"{test},{train}");
        Assert.That((both.Train.Count, both.Test.Count), Is.EqualTo((2, 1)));
        Assert.That(DataSource.Open(test).Evaluation.Labels.ToArray(), Is.EqualTo(new[] { 3 }));
        Fails($"{train},{WriteLabels("labels", 1)}", "mixes CIFAR files");
    }

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest_and_all_possibilities()
    {
        Fails("fashion_mnist", "'fashion_mnist'", "Did you mean 'fashion-mnist'?", "mnist, fashion-mnist, a folder", "IMAGES,LABELS");
        Fails("/no/such/folder", "'/no/such/folder'");
        Fails(string.Empty, "Possible are");
    }

    private void WriteMnistLike(string separator, string extension)
    {
        WriteImages($"train-images{separator}idx3-ubyte{extension}", 3);
        WriteLabels($"train-labels{separator}idx1-ubyte{extension}", 0, 1, 2);
        WriteImages($"t10k-images{separator}idx3-ubyte{extension}", 1);
        WriteLabels($"t10k-labels{separator}idx1-ubyte{extension}", 2);
    }

    private static void Fails(string spec, params string[] words)
    {
        var error = Assert.Throws<DataFormatException>(() => DataSource.Open(spec));
        foreach (string word in words)
        {
            Assert.That(error!.Message, Does.Contain(word));
        }

        Assert.That(error!.Message, Does.Not.Contain("\n"));
    }
}

using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

public class IdxFileTests : DataFilesFixture
{
    [TestCase("images")]
    [TestCase("images.gz")]
    public void What_was_written_is_read(string name)
    {
        new IdxFile([2, 1, 3], new byte[] { 1, 2, 3, 4, 5, 255 }).Write(InFolder(name));

        IdxFile file = IdxFile.Read(InFolder(name));

        Assert.That(file.Dims, Is.EqualTo(new[] { 2, 1, 3 }));
        Assert.That(file.Data.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 255 }));
        Assert.That(File.ReadAllBytes(InFolder(name))[..2],
            Is.EqualTo(name.EndsWith(".gz", StringComparison.Ordinal) ? new byte[] { 0x1F, 0x8B } : [0, 0]));
    }

    [Test]
    public void The_format_is_big_endian_behind_a_magic_number()
    {
        new IdxFile([3], new byte[] { 7, 8, 9 }).Write(InFolder("labels"));

        Assert.That(File.ReadAllBytes(InFolder("labels")), Is.EqualTo(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9 }));
    }

    [Test]
    public void Gzip_is_recognised_by_content_not_by_name()
    {
        File.Move(WriteLabels("labels.gz", 1, 2), InFolder("labels"));

        Assert.That(IdxFile.Read(InFolder("labels")).Data.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Images_and_labels_make_a_set()
    {
        ImageDataset set = IdxFile.ReadDataset(WriteImages("images", 2), WriteLabels("labels.gz", 3, 9));

        Assert.That(set.ToString(), Is.EqualTo("images: 2 images of 1x2x3, 10 classes"));
        Assert.That(set.Image(1).ToArray(), Is.EqualTo(new byte[] { 6, 7, 8, 9, 10, 11 }));
        Assert.That(set.Labels.ToArray(), Is.EqualTo(new[] { 3, 9 }));
    }

    [Test]
    public void Four_dimensions_are_images_with_channels()
    {
        new IdxFile([1, 3, 2, 2], new byte[12]).Write(InFolder("colour"));

        ImageDataset set = IdxFile.ReadDataset(InFolder("colour"), WriteLabels("labels", 0), "colours", ["red"]);

        Assert.That(set.ToString(), Is.EqualTo("colours: 1 images of 3x2x2, 1 classes"));
    }

    [Test]
    public void A_missing_file_is_named() => Fails(InFolder("nowhere"), "nowhere", "does not exist");

    [Test]
    public void A_folder_is_no_file() => Fails(Folder, Folder, "is a folder");

    [Test]
    public void A_wrong_magic_number_is_shown_in_hex() =>
        Fails(WriteBytes("x", 0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 0), "0x89504E47", "expected 0x00000801 to 0x00000804");

    [Test]
    public void Elements_of_another_type_are_refused() =>
        Fails(WriteBytes("x", 0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0), "0x00000D01", "not unsigned bytes");

    [Test]
    public void Swapped_files_are_recognised() => Assert.That(
        () => IdxFile.ReadDataset(WriteLabels("labels", 1), WriteImages("images", 1)),
        Throws.InstanceOf<DataFormatException>().With.Message.Contains("labels' is not an IDX file of images")
            .And.Message.Contains("0x00000801")
            .And.Message.Contains("expected 0x00000803").And.Message.Contains("looks like a file of labels"));

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 0, 0, 8 })]
    public void A_file_without_a_magic_number_is_refused(byte[] content) =>
        Fails(WriteBytes("x", content), $"{content.Length} bytes", "header");

    [Test]
    public void A_truncated_header_is_refused() => Fails(WriteBytes("x", 0, 0, 8, 3, 0, 0, 0, 1), "truncated", "16 bytes", "has 8");

    [Test]
    public void Truncated_data_is_refused_with_both_sizes() =>
        Fails(WriteBytes("x", 0, 0, 8, 1, 0, 0, 0, 5, 1, 2), "truncated", "13 bytes", "there are 10");

    [Test]
    public void Trailing_bytes_are_refused_with_both_sizes() =>
        Fails(WriteBytes("x", 0, 0, 8, 1, 0, 0, 0, 1, 1, 2), "trailing", "9 bytes", "there are 10");

    [Test]
    public void No_elements_are_refused() => Fails(WriteBytes("x", 0, 0, 8, 2, 0, 0, 0, 5, 0, 0, 0, 0), "is empty", "5 x 0");

    [Test]
    public void Dimensions_that_overflow_are_refused() => Fails(
        WriteBytes("x", [0, 0, 8, 4, .. Enumerable.Repeat((byte)0xFF, 16)]),
        "4294967295 x 4294967295 x 4294967295 x 4294967295",
        "too large");

    [Test]
    public void A_truncated_gzip_file_is_refused()
    {
        byte[] packed = File.ReadAllBytes(WriteImages("whole.gz", 200));

        Fails(WriteBytes("x.gz", packed[..(packed.Length / 2)]), "x.gz", "truncated");
    }

    [Test]
    public void A_damaged_gzip_file_is_refused() =>
        Fails(WriteBytes("x.gz", 0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), "gzip", "damaged");

    [Test]
    public void Different_counts_are_refused_with_both_files() => Assert.That(
        () => IdxFile.ReadDataset(WriteImages("images", 3), WriteLabels("labels", 1, 2)),
        Throws.InstanceOf<DataFormatException>().With.Message.Contains("images' holds 3 images")
            .And.Message.Contains("labels' holds 2 labels"));

    [Test]
    public void A_label_without_a_class_is_refused_with_its_place() => Assert.That(
        () => IdxFile.ReadDataset(WriteImages("images", 3), WriteLabels("labels", 1, 0, 37)),
        Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("labels': label 37 at index 2 is not below the number of classes, 10"));

    [Test]
    public void Arrays_that_do_not_fit_their_dimensions_are_refused()
    {
        Assert.That(() => new IdxFile([2, 2], new byte[3]),
            Throws.ArgumentException.With.Message.Contains("3 bytes do not fit the dimensions [2, 2]"));
        Assert.That(() => new IdxFile([], new byte[1]), Throws.ArgumentException);
    }

    private static void Fails(string path, params string[] words)
    {
        var error = Assert.Throws<DataFormatException>(() => IdxFile.Read(path));
        foreach (string word in words)
        {
            Assert.That(error!.Message, Does.Contain(word));
        }

        Assert.That(error!.Message, Does.Not.Contain("\n"));
    }
}

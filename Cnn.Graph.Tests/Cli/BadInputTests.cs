using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>Things that cannot be used: exit code 1, one line that names the thing, no file left behind.</summary>
public class BadInputTests : CliFixture
{
    [TestCase("inspect", "")]
    [TestCase("export", "lenet5", "--out", "")]
    public void A_file_without_a_name(params string[] args) => Fails(1, ["a name", "empty"], args);

    [Test]
    public void A_missing_file() =>
        Train($"{InFolder("no-images")},{InFolder("no-labels")}", InFolder("no-images"), "does not exist");

    [Test]
    public void An_unknown_data_set() => Train("minst", "'minst'", "Did you mean 'mnist'?");

    [Test]
    public void A_truncated_file()
    {
        string data = WriteSet("train", 20);
        Write("train-images", Read("train-images")[..5000]);
        Train(data, InFolder("train-images"), "truncated");
    }

    [Test]
    public void A_wrong_magic_number()
    {
        string data = WriteSet("train", 20);
        Write("train-images", [0x89, 0x50, .. Read("train-images")[2..]]);
        Train(data, InFolder("train-images"), "magic number is 0x89500803");
    }

    [Test]
    public void A_label_out_of_range()
    {
        string data = WriteSet("train", 20);
        byte[] labels = Read("train-labels");
        labels[^1] = 10;
        Write("train-labels", labels);
        Train(data, InFolder("train-labels"), "label 10 at index 19");
    }

    [Test]
    public void Images_and_labels_of_different_count()
    {
        WriteSet("train", 20);
        WriteSet("other", 19);
        Train($"{InFolder("train-images")},{InFolder("other-labels")}", "holds 20 images", "holds 19 labels");
    }

    [Test]
    public void Pictures_that_are_too_small_for_the_layers() => Train(WriteSet("small", 20, side: 12), "c5", "5x5");

    [Test]
    public void An_input_that_does_not_fit() => Fails(1, ["c3", "5x5", "2x2"], "describe", "lenet5", "--input", "1x4x4");

    [Test]
    public void A_network_of_signals_is_not_measured_with_pictures() => Fails(1, ["'tdnn'", "16x15", "pictures"], "bench", "tdnn");

    [TestCase("eval")]
    [TestCase("inspect")]
    [TestCase("roundtrip")]
    public void A_model_that_is_none(string verb)
    {
        string data = WriteSet("train", 20);
        Write("broken.onnx", "these bytes are no model"u8.ToArray());
        string[] rest = verb switch
        {
            "eval" => ["--data", data], "roundtrip" => ["--out", InFolder("copy.onnx")], _ => [],
        };

        Fails(1, [InFolder("broken.onnx")], [verb, InFolder("broken.onnx"), .. rest]);
        Fails(1, [InFolder("nowhere.onnx"), "no such file"], [verb, InFolder("nowhere.onnx"), .. rest]);
        Assert.That(FilesLeft, Is.EquivalentTo(new[] { "train-images", "train-labels", "broken.onnx" }));
    }

    [Test]
    public void A_truncated_model()
    {
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"));
        Write("a.onnx", Read("a.onnx")[..^1000]);
        Fails(1, [InFolder("a.onnx")], "inspect", InFolder("a.onnx"));
    }

    [Test]
    public void A_model_that_is_no_classifier_of_these_pictures()
    {
        string data = WriteSet("train", 20);
        Succeed("train-graph", "lenet5", "--out", InFolder("step.onnx"));
        Succeed("export", "lenet5", "--out", InFolder("large.onnx"), "--input", "1x32x32");
        Succeed("export", "lenet5", "--out", InFolder("few.onnx"), "--classes", "3");

        Fails(1, ["no picture classifier"], "eval", InFolder("step.onnx"), "--data", data);
        Fails(1, ["1x32x32", "1x28x28"], "eval", InFolder("large.onnx"), "--data", data);
        Fails(1, ["3 classes", "10"], "eval", InFolder("few.onnx"), "--data", data);
    }

    [Test]
    public void Weights_of_another_network()
    {
        string data = WriteSet("train", 20);
        Succeed("export", "lenet5", "--out", InFolder("few.onnx"), "--classes", "3");
        Train(data, ["--init", InFolder("few.onnx")], "output_scores", "few.onnx");
        Train(data, ["--init", InFolder("nowhere.onnx")], "nowhere.onnx", "no such file");
    }

    [Test]
    public void An_output_in_no_folder()
    {
        string data = WriteSet("train", 20), path = Path.Combine(InFolder("nowhere"), "a.onnx");
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"));
        Fails(1, [path, "does not exist"], "train", "lenet5", "--data", data, "--out", path);
        Fails(1, [path, "does not exist"], "train", "lenet5", "--data", data, "--out", InFolder("b.onnx"), "--checkpoint", path);
        Fails(1, [path, "does not exist"], "export", "lenet5", "--out", path);
        Fails(1, [path, "does not exist"], "train-graph", "lenet5", "--out", path);
        Fails(1, [path, "does not exist"], "roundtrip", InFolder("a.onnx"), "--out", path);
        Fails(1, [$"'{InFolder("a.onnx")}' is a file, not a folder"], "export", "lenet5", "--out", InFolder("a.onnx/b.onnx"));
        Fails(1, ["it is a folder"], "export", "lenet5", "--out", InFolder(""));
        Assert.That(FilesLeft, Is.EquivalentTo(new[] { "train-images", "train-labels", "a.onnx" }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "DirectML may be there")]
    public void A_device_that_is_not_there() => Train(WriteSet("train", 20), ["--device", "directml"], "DirectML", "cpu");

    private void Train(string data, params string[] words) => Train(data, [], words);

    private void Train(string data, string[] options, params string[] words)
    {
        Fails(1, words, ["train", "lenet5", "--data", data, "--out", InFolder("out.onnx"), .. options]);
        Assert.That(FilesLeft, Has.None.StartsWith("out.onnx"));
    }
}

using System.Text.Json;
using Cnn.Graph.Interop;
using Cnn.Graph.Onnx;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

public class TrainTests : CliFixture
{
    [Test]
    public void Trains_and_tells_what_eval_tells_too()
    {
        string data = WriteData();
        CliResult result = Succeed(
            "train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--epochs", "6", "--batch", "16", "--lr", "0.02", "--device", "cpu", "--json");

        JsonElement training = result.Json, last = training.GetProperty("epochs").EnumerateArray().Last();
        Assert.That(Keys(training), Is.EqualTo(new[] { "architecture", "device", "seed", "epochs", "out" }));
        Assert.That(Keys(last), Is.EqualTo(
            new[] { "epoch", "loss", "accuracy", "validationLoss", "validationAccuracy", "seconds", "imagesPerSecond" }));
        Assert.That(training.GetProperty("architecture").GetString(), Is.EqualTo("lenet5"));
        Assert.That(training.GetProperty("device").GetString(), Is.EqualTo("cpu"));
        Assert.That(training.GetProperty("seed").GetInt64(), Is.Zero);
        Assert.That(training.GetProperty("out").GetString(), Is.EqualTo(InFolder("a.onnx")));
        Assert.That(last.GetProperty("epoch").GetInt32(), Is.EqualTo(6));
        Assert.That(last.GetProperty("validationAccuracy").GetDouble(), Is.GreaterThan(0.9));

        JsonElement measured = Json("eval", InFolder("a.onnx"), "--data", data);
        Assert.That(Keys(measured), Is.EqualTo(new[] { "accuracy", "top5", "loss", "samples" }));
        Assert.That(measured.GetProperty("samples").GetInt32(), Is.EqualTo(80));
        Assert.That(measured.GetProperty("accuracy").GetDouble(), Is.EqualTo(last.GetProperty("validationAccuracy").GetDouble()));
        Assert.That(measured.GetProperty("loss").GetDouble(), Is.EqualTo(last.GetProperty("validationLoss").GetDouble()));
        string printed = Succeed("eval", InFolder("a.onnx"), "--data", data).Output;
        string accuracy = printed.Split(',')[0];
        Assert.That(result.Error, Does.Contain($"test {accuracy}, loss "));
        Assert.That(result.Error, Does.Contain("epoch 1/6  loss ").And.Contain("epoch 6/6  loss ").And.Not.Contain("\r"));
    }

    [TestCase(3, 5)]
    [TestCase(12, 12)]
    public void The_number_of_classes_can_be_named(int labels, int classes)
    {
        string data = WriteSet("train", 3 * labels, classes: labels);
        string[] command = ["train", "lenet5", "--data", data, "--batch", "8", "--out", InFolder("a.onnx")];

        int few = labels - 1;
        Fails(1, [$"{few} classes are too few", $"up to {few}, which takes {labels}"], [.. command, "--classes", $"{few}"]);
        Succeed([.. command, "--epochs", "1", "--classes", $"{classes}", "--checkpoint", InFolder("a.checkpoint")]);
        JsonElement measured = Json("eval", InFolder("a.onnx"), "--data", data);
        Succeed([.. command, "--resume", InFolder("a.checkpoint"), "--epochs", "2", "--checkpoint", InFolder("b.checkpoint")]);

        OnnxModel model = OnnxModel.Load(InFolder("a.onnx"));
        Assert.That(measured.GetProperty("samples").GetInt32(), Is.EqualTo(3 * labels));
        Assert.That(model.Outputs[0].Dims![1].Size, Is.EqualTo(classes));
        Assert.That(
            JsonSerializer.Deserialize<string[]>(model.Metadata["cnn.graph.labels"]),
            Is.EqualTo(Enumerable.Range(0, classes).Select(i => $"{i}")));
    }

    [Test]
    public void A_model_from_elsewhere_is_measured_with_as_many_classes_as_are_named()
    {
        string data = WriteSet("train", 9, classes: 3);
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"), "--classes", "3");
        Fails(1, ["3 classes", "10"], "eval", InFolder("a.onnx"), "--data", data);
        Assert.That(Json("eval", InFolder("a.onnx"), "--data", data, "--classes", "3").GetProperty("samples").GetInt32(), Is.EqualTo(9));
    }

    [Test]
    public void A_terminal_shows_a_line_that_is_written_over()
    {
        string data = WriteData(64);
        CliResult result = RunInTerminal(
            "train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--epochs", "2", "--batch", "16");

        Assert.That(result.Code, Is.Zero, result.Error);
        Assert.That(result.Error, Does.Match(@"\repoch 1/2  batch 1/4  loss \d"));
        string[] lines = [.. result.Error.Split('\n').Select(line => line[(line.LastIndexOf('\r') + 1)..])];
        Assert.That(lines, Has.Exactly(2).Match("^epoch ./2  loss .* images/s$"));
    }

    [Test]
    public void The_same_command_gives_the_same_bytes_which_hold_no_time_and_no_path()
    {
        string data = WriteData(64);
        CliResult result = Succeed("train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--epochs", "2", "--seed", "3");
        Succeed("train", "lenet5", "--data", data, "--out", InFolder("b.onnx"), "--epochs", "2", "--seed", "3");
        Succeed("train", "lenet5", "--data", data, "--out", InFolder("c.onnx"), "--epochs", "2", "--seed", "4");

        Assert.That(Read("a.onnx"), Is.EqualTo(Read("b.onnx")).And.Not.EqualTo(Read("c.onnx")));
        Assert.That(result.Output, Does.Match($@"^test accuracy \d+\.\d\d %, loss \d+\.\d{{4}}; the model is in '.*a\.onnx'\n$"));
        IReadOnlyDictionary<string, string> metadata = OnnxModel.Load(InFolder("a.onnx")).Metadata;
        Assert.That(metadata["cnn.graph.architecture"], Is.EqualTo("lenet5"));
        Assert.That(metadata["cnn.graph.data"], Is.EqualTo("train-images"));
        Assert.That(metadata["cnn.graph.seed"], Is.EqualTo("3"));
        Assert.That(metadata["cnn.graph.epochs"], Is.EqualTo("2"));
        Assert.That(metadata["cnn.graph.optimizer"], Is.EqualTo("momentum"));
        Assert.That(metadata["cnn.graph.schedule"], Is.EqualTo("cosine"));
        Assert.That(metadata.Values, Has.None.Contains(InFolder("")));
        Assert.That(FilesLeft, Has.None.Contains(".checkpoint").And.None.Contains(".tmp"));
    }

    [Test]
    public void Steps_limit_the_training_and_tell_their_losses()
    {
        string data = WriteData(64);
        JsonElement training = Json(
            "train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--steps", "5", "--batch", "16", "--no-shuffle",
            "--optimizer", "sgd", "--lr", "0.01", "--schedule", "constant");

        Assert.That(Keys(training), Is.EqualTo(new[] { "architecture", "device", "seed", "epochs", "out", "losses" }));
        double[] losses = [.. training.GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
        Assert.That(losses, Has.Length.EqualTo(5).And.All.InRange(1, 5));
        double[] epochs = [.. training.GetProperty("epochs").EnumerateArray().Select(e => e.GetProperty("loss").GetDouble())];
        Assert.That(epochs, Has.Length.EqualTo(2));
        Assert.That(epochs[0], Is.EqualTo(losses[..4].Average()).Within(1e-12));
        Assert.That(epochs[1], Is.EqualTo(losses[4]));
    }

    /// <summary>Steps of 0.1 from batches of 4 by four are those from batches of 16: the losses of the fifth batch on tell.</summary>
    [Test]
    public void Several_batches_make_a_step()
    {
        string data = WriteData(64);
        double[] Losses(params string[] options) => [.. Json(
                ["train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--no-shuffle", "--optimizer", "sgd", "--lr", "0.1", "--schedule", "constant", .. options])
            .GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];

        double[] whole = Losses("--batch", "16", "--steps", "4");
        double[] parts = Losses("--batch", "4", "--steps", "16", "--accumulate", "4");
        Assert.That(parts.Chunk(4).Select(c => c.Average()), Is.EqualTo(whole).Within(1e-5));
        Assert.That(OnnxModel.Load(InFolder("a.onnx")).Metadata["cnn.graph.accumulate"], Is.EqualTo("4"));
    }

    [Test]
    public void The_average_is_what_is_measured_and_written()
    {
        string data = WriteData(64);
        string[] train = ["train", "lenet5", "--data", data, "--epochs", "3", "--batch", "16", "--lr", "0.02", "--out"];
        Succeed([.. train, InFolder("last.onnx")]);
        double loss = Json([.. train, InFolder("mean.onnx"), "--average", "0.8"]).GetProperty("epochs")[2].GetProperty("validationLoss").GetDouble();

        Assert.That(Json("eval", InFolder("mean.onnx"), "--data", data).GetProperty("loss").GetDouble(), Is.EqualTo(loss));
        Assert.That(Json("eval", InFolder("last.onnx"), "--data", data).GetProperty("loss").GetDouble(), Is.Not.EqualTo(loss).Within(1e-3));
        Assert.That(OnnxModel.Load(InFolder("mean.onnx")).Metadata["cnn.graph.average"], Is.EqualTo("0.8"));
        Assert.That(OnnxModel.Load(InFolder("last.onnx")).Metadata.Keys, Has.None.EqualTo("cnn.graph.average"));
    }

    [Test]
    public void Steps_are_done_however_many_passes_they_take() => Assert.That(
        Json("train", "lenet5", "--data", WriteData(16), "--out", InFolder("a.onnx"), "--steps", "15", "--batch", "16")
            .GetProperty("losses").GetArrayLength(),
        Is.EqualTo(15));

    [Test]
    public void Init_starts_from_the_weights_of_a_model()
    {
        string data = WriteData(64);
        Succeed("export", "lenet5", "--out", InFolder("start.onnx"), "--seed", "9");
        double First(params string[] options) => Json(
                ["train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--steps", "1", "--batch", "16", "--no-shuffle", .. options])
            .GetProperty("losses")[0].GetDouble();

        Assert.That(First("--init", InFolder("start.onnx")), Is.EqualTo(First("--seed", "9")).And.Not.EqualTo(First()));
    }

    [Test]
    public void The_network_is_built_for_pictures_and_classes_of_the_set()
    {
        string data = WriteSet("wide", 32, side: 36);
        File.WriteAllLines(InFolder("labels.txt"), Enumerable.Range(0, 12).Select(i => $"kind {i}"));
        CliResult result = Succeed("train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--epochs", "1");

        OnnxModel model = OnnxModel.Load(InFolder("a.onnx"));
        Assert.That(model.Inputs.Single().ToString(), Is.EqualTo("image: float[N, 1, 36, 36]"));
        Assert.That(model.Outputs.Single().ToString(), Is.EqualTo("output: float[N, 12]"));
        Assert.That(model.Metadata["cnn.graph.labels"], Does.Contain("kind 11"));
        Assert.That(result.Output, Does.StartWith("training set accuracy "));
    }

    [Test]
    public void A_model_without_normalization_is_measured_with_that_of_the_set()
    {
        string data = WriteData(32);
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"));

        CliResult result = Succeed("eval", InFolder("a.onnx"), "--data", data);
        Assert.That(result.Error, Does.Contain("does not say how its inputs are made of pixels").And.Contain("mean 0."));
        Assert.That(result.Output, Does.EndWith("16 samples\n"));
    }

    [Test]
    public void A_loss_that_is_no_number_names_the_step_and_keeps_the_checkpoint()
    {
        string data = WriteData(64);
        string[] train = ["train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), "--batch", "16", "--epochs", "3"];
        Fails(1, ["The loss became", "at step ", "Lower the learning rate", InFolder("kept")], [.. train, "--lr", "1e30", "--checkpoint", InFolder("kept")]);
        Fails(1, ["The loss became", "at step ", InFolder("a.onnx.checkpoint")], [.. train, "--lr", "1e30"]);

        Assert.That(FilesLeft, Does.Contain("kept").And.Contains("a.onnx.checkpoint").And.None.EqualTo("a.onnx").And.None.Contains(".tmp"));
        Assert.That(() => SafeTensorsFile.Load(InFolder("kept")), Throws.Nothing);
    }

    /// <summary>The model remembers the field, so that it is measured with what it learned from.</summary>
    [Test]
    public void Pictures_may_stand_in_a_larger_field()
    {
        string data = WriteData();
        JsonElement history = Json(
            "train", "mnist-convnet", "--data", data, "--canvas", "40x42", "--width", "0.25", "--epochs", "2", "--batch", "16", "--out", InFolder("m.onnx"));

        OnnxModel model = OnnxModel.Load(InFolder("m.onnx"));
        Assert.That(model.Inputs[0].ToString(), Is.EqualTo("image: float[N, 1, 40, 42]"));
        Assert.That(model.Metadata["cnn.graph.canvas"], Is.EqualTo("40x42"));
        Assert.That(model.Initializers[0].Dims[0], Is.EqualTo(8));
        double trained = history.GetProperty("epochs")[1].GetProperty("validationLoss").GetDouble();
        Assert.That(Json("eval", InFolder("m.onnx"), "--data", data).GetProperty("loss").GetDouble(), Is.EqualTo(trained).Within(1e-5));
        Fails(1, ["A field of 20x40 is too small", "28x28"], "train", "lenet5", "--data", data, "--canvas", "20x40", "--out", InFolder("b.onnx"));
        Fails(2, ["--canvas", "'40'"], "train", "lenet5", "--data", data, "--canvas", "40", "--out", InFolder("b.onnx"));
    }
}

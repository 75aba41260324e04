using System.Text.Json;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>A training that was interrupted ends with the bytes of one that was not.</summary>
public class ResumeTests : CliFixture
{
    private static readonly string[] Settings =
    [
        "--epochs", "4", "--batch", "16", "--seed", "5", "--lr", "0.02", "--momentum", "0.8", "--weight-decay", "0.001",
        "--schedule", "step:2:0.5", "--no-shuffle",
    ];

    [Test]
    public void A_training_that_was_stopped_goes_on_with_nothing_but_the_checkpoint()
    {
        string data = WriteData(64);
        Train(data, "whole.onnx", Settings);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        CliResult stopped = Run(stop.Token, ["train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), .. Settings]);

        Assert.That(stopped.Code, Is.EqualTo(1));
        Assert.That(stopped.Error, Does.Contain("stopped after step 0; to go on: cnn train lenet5").And.Contain("--resume"));
        Assert.That(FilesLeft, Does.Contain("a.onnx.checkpoint").And.None.EqualTo("a.onnx"));

        CliResult resumed = Train(data, "a.onnx", "--resume", InFolder("a.onnx.checkpoint"));
        Assert.That(resumed.Error, Does.Contain("going on after step 0"));
        Assert.That(Read("a.onnx"), Is.EqualTo(Read("whole.onnx")));
        Assert.That(FilesLeft, Has.None.Contains(".checkpoint"));
    }

    [TestCase("8", Description = "between two passes")]
    [TestCase("6", Description = "within a pass")]
    public void A_training_that_was_cut_short_goes_on_under_a_higher_limit(string steps)
    {
        string data = WriteData(64);
        Train(data, "whole.onnx", [.. Settings, "--steps", "16"]);
        Train(data, "a.onnx", [.. Settings, "--steps", steps, "--checkpoint", InFolder("kept")]);
        byte[] kept = Read("kept");
        JsonElement resumed = Train(data, "b.onnx", "--resume", InFolder("kept"), "--steps", "16", "--json").Json;

        Assert.That(Read("b.onnx"), Is.EqualTo(Read("whole.onnx")).And.Not.EqualTo(Read("a.onnx")));
        Assert.That(resumed.GetProperty("epochs").GetArrayLength(), Is.EqualTo(4));
        Assert.That(resumed.GetProperty("losses").GetArrayLength(), Is.EqualTo(16 - int.Parse(steps)));
        Assert.That(Read("kept"), Is.EqualTo(kept), "a checkpoint to go on from stays as it is");
    }

    [TestCase("sgd")]
    [TestCase("nesterov")]
    [TestCase("rmsprop")]
    [TestCase("adagrad")]
    [TestCase("adam")]
    [TestCase("adamw")]
    [TestCase("recipe")]
    public void Every_optimizer_goes_on_with_its_states(string optimizer)
    {
        string data = WriteData(32);
        string[] settings = ["--optimizer", optimizer, "--lr", "0.003", "--batch", "16", "--epochs", "3"];
        Train(data, "whole.onnx", [.. settings, "--steps", "6"]);
        Train(data, "a.onnx", [.. settings, "--steps", "3", "--checkpoint", InFolder("kept")]);
        Train(data, "b.onnx", "--resume", InFolder("kept"), "--steps", "6");

        Assert.That(Read("b.onnx"), Is.EqualTo(Read("whole.onnx")).And.Not.EqualTo(Read("a.onnx")));
    }

    [Test]
    public void Sums_and_averages_go_on_too()
    {
        string data = WriteData(64);
        string[] settings = [.. Settings, "--accumulate", "3", "--average", "0.9"];
        Train(data, "whole.onnx", [.. settings, "--steps", "16"]);
        Train(data, "a.onnx", [.. settings, "--steps", "7", "--checkpoint", InFolder("kept")]);
        Train(data, "b.onnx", "--resume", InFolder("kept"), "--steps", "16");

        Assert.That(Read("b.onnx"), Is.EqualTo(Read("whole.onnx")).And.Not.EqualTo(Read("a.onnx")));
        Fails(
            1, ["accumulate is 3 there and 2 here"],
            "train", "lenet5", "--data", data, "--out", InFolder("c.onnx"), "--resume", InFolder("kept"), "--accumulate", "2");
    }

    [Test]
    public void A_training_may_be_made_longer()
    {
        string data = WriteData(64);
        Train(data, "whole.onnx", [.. Settings, "--epochs", "6"]);
        Train(data, "a.onnx", [.. Settings, "--checkpoint", InFolder("kept")]);
        Train(data, "b.onnx", "--resume", InFolder("kept"), "--epochs", "6");

        Assert.That(Read("b.onnx"), Is.EqualTo(Read("whole.onnx")));
    }

    [Test]
    public void A_finished_training_gives_its_model_again()
    {
        string data = WriteData(32);
        CliResult whole = Train(data, "a.onnx", [.. Settings, "--checkpoint", InFolder("kept")]);
        CliResult again = Train(data, "b.onnx", "--resume", InFolder("kept"));

        Assert.That(Read("b.onnx"), Is.EqualTo(Read("a.onnx")));
        Assert.That(again.Output.Split(';')[0], Is.EqualTo(whole.Output.Split(';')[0]));
    }

    [Test]
    public void What_contradicts_the_checkpoint_is_named()
    {
        string data = WriteData(32), other = WriteSet("other", 16);
        Train(data, "a.onnx", [.. Settings, "--checkpoint", InFolder("kept")]);
        string[] resume = ["train", "lenet5", "--out", InFolder("b.onnx"), "--resume", InFolder("kept"), "--data"];

        Fails(1, ["momentum is 0.8 there and 0.5 here", "batch is 16 there and 8 here", "taken from the checkpoint"], [.. resume, data, "--momentum", "0.5", "--batch", "8"]);
        Fails(1, ["seed is 5 there and 6 here"], [.. resume, data, "--seed", "6"]);
        Fails(1, ["schedule is step:2:0.5 there and cosine here"], [.. resume, data, "--schedule", "cosine"]);
        Fails(1, ["epochs is 4 there and 2 here"], [.. resume, data, "--epochs", "2"]);
        Fails(1, ["data is train-images there and other-images here", "samples is 32 there and 16 here"], [.. resume, other]);
        Assert.That(FilesLeft, Has.None.EqualTo("b.onnx").And.None.Contains(".tmp"));
    }

    [Test]
    public void What_is_no_checkpoint_is_refused()
    {
        string data = WriteData(32);
        Write("text", "this is no checkpoint at all"u8.ToArray());
        string[] resume = ["train", "lenet5", "--data", data, "--out", InFolder("b.onnx"), "--resume"];

        Fails(1, [InFolder("nowhere")], [.. resume, InFolder("nowhere")]);
        Fails(1, [InFolder("text")], [.. resume, InFolder("text")]);
        Fails(2, ["--init and --resume exclude each other"], [.. resume, InFolder("text"), "--init", InFolder("a.onnx")]);
        Fails(2, ["--out", "would replace the checkpoint"], [.. resume, InFolder("b.onnx")]);
    }

    private CliResult Train(string data, string name, params string[] options) =>
        Succeed(["train", "lenet5", "--data", data, "--out", InFolder(name), .. Collapse(options)]);

    /// <summary>The last of several values for an option counts, as in the tests that vary one of the settings.</summary>
    private static List<string> Collapse(string[] options)
    {
        var result = new List<string>();
        for (int i = 0; i < options.Length; i++)
        {
            bool isReplaced = options[i] == "--epochs" && Array.LastIndexOf(options, "--epochs") != i;
            if (isReplaced)
            {
                i++;
            }
            else
            {
                result.Add(options[i]);
            }
        }

        return result;
    }
}

using Cnn.Graph.Architectures;
using Cnn.Graph.Onnx;
using Cnn.Graph.OrtTraining;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary><c>cnn artifacts</c>, and the way back from a checkpoint.</summary>
public class ArtifactsTests : CliFixture
{
    [Test]
    public void Artifacts_are_written_and_a_checkpoint_is_exported()
    {
        CliResult result = Succeed("artifacts", "lenet5", "--out", InFolder("there"), "--seed", "7", "--classes", "3", "--optimizer", "adamw");
        Succeed("export", "lenet5", "--out", InFolder("back.onnx"), "--classes", "3", "--checkpoint", InFolder("there/checkpoint"));

        Assert.That(result.Output, Is.Empty);
        Assert.That(FilesLeft, Is.EqualTo(new[]
        {
            "back.onnx", "there/checkpoint", "there/eval_model.onnx", "there/optimizer_model.onnx", "there/training_model.onnx",
        }));
        Network network = LeNet.Modern.Build(classes: 3);
        Model expected = Model.Initialize(network, seed: 7), actual = Model.Load(network, InFolder("back.onnx"));
        Assert.That(actual.Weights["c3/weight"].Span<float>().ToArray(), Is.EqualTo(expected.Weights["c3/weight"].Span<float>().ToArray()));
        Assert.That(OnnxModel.Load(InFolder("there/optimizer_model.onnx")).Nodes.Single().OpType, Is.EqualTo("AdamWOptimizer"));
    }

    [Test]
    public void Artifacts_start_from_a_model()
    {
        Succeed("export", "lenet5", "--out", InFolder("start.onnx"), "--seed", "9");
        Succeed("artifacts", "lenet5", "--out", InFolder("there"), "--init", InFolder("start.onnx"));

        Assert.That(
            OrtCheckpoint.Load(InFolder("there/checkpoint")).Trained["c1_weight"].Span<float>().ToArray(),
            Is.EqualTo(Model.Initialize(LeNet.Modern.Build(), seed: 9).Weights["c1/weight"].Span<float>().ToArray()));
    }

    [Test]
    public void What_is_known_about_a_model_goes_there_and_comes_back()
    {
        string data = WriteData(32);
        Succeed("train", "lenet5", "--data", data, "--steps", "1", "--out", InFolder("start.onnx"));
        Succeed("artifacts", "lenet5", "--out", InFolder("there"), "--init", InFolder("start.onnx"));
        Succeed("export", "lenet5", "--out", InFolder("back.onnx"), "--checkpoint", InFolder("there/checkpoint"));

        Assert.That(OnnxModel.Load(InFolder("back.onnx")).Metadata, Is.EqualTo(OnnxModel.Load(InFolder("start.onnx")).Metadata));
        Assert.That(Succeed("eval", InFolder("back.onnx"), "--data", data).Error, Does.Not.Contain("pixels"));
    }

    [Test]
    public void Masks_and_the_rate_can_be_chosen()
    {
        string[] alexnet = ["artifacts", "alexnet", "--input", "3x67x67", "--classes", "2"];
        Succeed([.. alexnet, "--out", InFolder("a")]);
        Succeed([.. alexnet, "--out", InFolder("b"), "--feed-noise", "--fixed-lr", "--optimizer", "sgd", "--lr", "0.5"]);

        string[] Inputs(string folder) => [.. OnnxModel.Load(InFolder($"{folder}/training_model.onnx")).Inputs.Select(i => i.Name)];
        Assert.That(Inputs("a"), Has.None.EndWith("_mask"));
        Assert.That(Inputs("b"), Has.Some.EndWith("_mask"));
        Assert.That(OnnxModel.Load(InFolder("b/optimizer_model.onnx")).GetInitializer("rate").Span<float>()[0], Is.EqualTo(0.5f));
        Assert.That(OnnxModel.Load(InFolder("a/optimizer_model.onnx")).Initializers.Select(i => i.Name), Does.Not.Contain("rate"));
    }

    [Test]
    public void What_cannot_be_done_is_told_and_nothing_is_left()
    {
        Fails(1, ["Nesterov", "momentum, rmsprop"], "artifacts", "lenet5", "--out", InFolder("there"), "--optimizer", "nesterov");
        Fails(1, ["RMSProp in TensorFlow's form", "adamw"], "artifacts", "mobilenet_v2", "--out", InFolder("there"), "--input", "3x32x32");
        Fails(1, ["a name", "empty"], "artifacts", "lenet5", "--out", "");
        Fails(1, [InFolder("no.onnx")], "artifacts", "lenet5", "--out", InFolder("there"), "--init", InFolder("no.onnx"));
        Write("file");
        foreach (string folder in new[] { InFolder("file"), InFolder("file/there") })
        {
            string told = $"The folder '{folder}' cannot be created: '{InFolder("file")}' is a file";
            Fails(1, [told], "artifacts", "lenet5", "--out", folder);
        }

        Fails(2, ["--label-smoothing", "below 1"], "artifacts", "lenet5", "--out", InFolder("there"), "--label-smoothing", "1");
        Fails(2, ["--seed", "--checkpoint"], "export", "lenet5", "--out", InFolder("a.onnx"), "--seed", "1", "--checkpoint", "x");
        Fails(1, [InFolder("no"), "no such file"], "export", "lenet5", "--out", InFolder("a.onnx"), "--checkpoint", InFolder("no"));
        Assert.That(FilesLeft, Is.EqualTo(new[] { "file" }));
    }
}

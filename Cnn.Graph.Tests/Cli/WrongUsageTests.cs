using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>Words that make no sense: exit code 2, one line, nothing done.</summary>
public class WrongUsageTests : CliFixture
{
    [TestCase(new string[0], "a verb is needed", "train-graph")]
    [TestCase(new[] { "trian", "lenet5" }, "'trian'", "Did you mean 'train'?")]
    [TestCase(new[] { "dance" }, "'dance'", "There are: list, describe")]
    [TestCase(new[] { "exports" }, "Did you mean 'export'?")]
    [TestCase(new[] { "list", "--jsno" }, "'--jsno'", "cnn list --help")]
    [TestCase(new[] { "describe" }, "describe")]
    [TestCase(new[] { "describe", "lenet" }, "no architecture 'lenet'", "Did you mean 'lenet5'?")]
    [TestCase(new[] { "describe", "lenet5", "--input", "1x28" }, "--input", "1x28x28", "'1x28'")]
    [TestCase(new[] { "describe", "lenet5", "--input", "1x0x28" }, "--input", "'1x0x28'")]
    [TestCase(new[] { "describe", "lenet5", "--classes", "0" }, "--classes", "from 1 to")]
    [TestCase(new[] { "describe", "lenet5", "--classes", "2147483647" }, "--classes", "from 1 to 16777216", "'2147483647'")]
    [TestCase(new[] { "describe", "lenet5", "--classes", "many" }, "--classes", "'many'")]
    [TestCase(new[] { "export", "lenet5" }, "--out")]
    [TestCase(new[] { "export", "lenet5", "--out", "x.onnx", "--opset", "22" }, "--opset", "13 to 21")]
    [TestCase(new[] { "train-graph", "lenet5", "--out", "x.onnx", "--loss", "hinge" }, "no loss 'hinge'", "softmax-cross-entropy")]
    [TestCase(new[] { "bench", "lenet5", "--mode", "trian" }, "--mode", "train, infer")]
    [TestCase(new[] { "bench", "lenet5", "--steps", "0" }, "--steps", "at least 1")]
    [TestCase(new[] { "bench", "lenet5", "--device", "gpu" }, "--device", "gpu")]
    [TestCase(new[] { "eval", "x.onnx" }, "--data")]
    public void Is_told_in_one_line(string[] args, params string[] words) => Fails(2, words, args);

    [TestCase("--epochs", "0", "at least 1")]
    [TestCase("--epochs", "1.5", "'1.5'")]
    [TestCase("--epoch", "3", "Did you mean '--epochs'?")]
    [TestCase("--batch", "-4", "at least 1")]
    [TestCase("--lr", "NaN", "finite number above 0")]
    [TestCase("--lr", "0", "finite number above 0")]
    [TestCase("--lr", "Infinity", "finite number above 0")]
    [TestCase("--lr", "fast", "'fast'")]
    [TestCase("--momentum", "1", "below 1")]
    [TestCase("--weight-decay", "-0.1", "at least 0")]
    [TestCase("--accumulate", "0", "at least 1")]
    [TestCase("--average", "1", "below 1")]
    [TestCase("--steps", "0", "at least 1")]
    [TestCase("--seed", "x", "whole number")]
    [TestCase("--optimizer", "momentun", "Did you mean 'momentum'?", "sgd, momentum")]
    [TestCase("--optimizer", "lion", "There are: sgd, momentum, nesterov, rmsprop, adagrad, adam, adamw, recipe")]
    [TestCase("--schedule", "cosin", "Did you mean 'cosine'?")]
    [TestCase("--schedule", "step", "step:30:0.1")]
    [TestCase("--schedule", "step:0", "step:30:0.1")]
    [TestCase("--schedule", "step:2:NaN", "step:30:0.1")]
    [TestCase("--schedule", "cosine:3", "write cosine")]
    [TestCase("--schedule", "recipe:3", "write recipe")]
    [TestCase("--schedule", "multistep:3,x", "multistep:81,122:0.1")]
    [TestCase("--schedule", "polynomial:-1", "polynomial:0.5")]
    [TestCase("--schedule", "plateau:0.1:1.5", "plateau:0.1:3")]
    [TestCase("--schedule", "warmup:5", "warmup:5:cosine")]
    [TestCase("--schedule", "warmup:5:cosin", "Did you mean 'cosine'?")]
    [TestCase("--device", "tpu", "no device 'tpu'")]
    [TestCase("--device", "directml:", "directml:0")]
    [TestCase("--label-smoothing", "1", "below 1")]
    public void Is_told_before_training(string option, string value, params string[] words)
    {
        Fails(2, [option, .. words], "train", "lenet5", "--data", "nowhere", "--out", InFolder("a.onnx"), option, value);
        Assert.That(FilesLeft, Is.Empty);
    }

    [Test]
    public void Momentum_is_not_for_every_optimizer() => Fails(
        2, ["--momentum is not for adam"],
        "train", "lenet5", "--data", "nowhere", "--out", InFolder("a.onnx"), "--optimizer", "adam", "--momentum", "0.9");
}

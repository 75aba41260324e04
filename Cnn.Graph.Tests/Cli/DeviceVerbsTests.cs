using System.Text.Json;
using Cnn.Graph.Onnx;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>What the command line says of devices, precision and placement.</summary>
public class DeviceVerbsTests : CliFixture
{
    private static readonly string[] Small = ["verify", "lenet5", "--device", "cpu", "--steps", "3", "--lr", "0.001"];

    [Test]
    public void Verify_finds_the_CPU_like_itself()
    {
        Assert.That(Succeed(Small).Output, Does.Match(
            @"^LeNet-5, 3 steps on cpu: loss \d\.\d{4} to \d\.\d{4}; from the CPU's losses part by 0\.0e\+0, weights by 0\.0e\+0 \(.*\), " +
            @"where 1e-4 is allowed of losses and of all weights together; the same bits again\n$"));
        JsonElement json = Json([.. Small, "--precision", "float16"]);
        Assert.That(Keys(json), Is.EqualTo(new[]
        {
            "architecture", "device", "losses", "lossDeviation", "weightDeviation", "worstTensor", "distance", "repeats", "tolerance", "alike", "placement",
        }));
        Assert.That(json.GetProperty("losses").GetArrayLength(), Is.EqualTo(3));
        Assert.That(json.GetProperty("lossDeviation").GetDouble(), Is.GreaterThan(1e-7).And.LessThan(1e-2));
        Assert.That(json.GetProperty("tolerance").GetDouble(), Is.EqualTo(1e-2));
    }

    /// <summary>A rate that throws the numbers about makes 16 bits part from 32.</summary>
    [Test]
    public void Verify_fails_where_numbers_part()
    {
        CliResult result = Run("verify", "mnist-convnet", "--device", "cpu", "--steps", "12", "--lr", "0.03", "--width", "0.25", "--precision", "float16");
        Assert.That(result.Code, Is.EqualTo(1), result.Output);
        Assert.That(result.Output, Does.Contain("where 1e-2 is allowed"));
    }

    [Test]
    public void Training_in_16_bits_tells_where_nodes_ran_and_remembers_the_precision()
    {
        string data = WriteData(64);
        string[] train =
        [
            "train", "lenet5", "--data", data, "--batch", "16", "--device", "cpu", "--checkpoint", InFolder("a.checkpoint"), "--out", InFolder("a.onnx"),
        ];
        JsonElement json = Json([.. train, "--steps", "2", "--precision", "float16", "--loss-scale", "256", "--placement"]);
        JsonElement[] nodes = [.. json.GetProperty("placement").EnumerateArray()];
        Assert.That(Keys(nodes[0]), Is.EqualTo(new[] { "node", "operator", "provider" }));
        Assert.That(nodes.Select(n => n.GetProperty("provider").GetString()), Is.All.EqualTo("CPUExecutionProvider"));
        Assert.That(nodes.Select(n => n.GetProperty("operator").GetString()), Does.Contain("Cast"));

        Succeed([.. train, "--steps", "4", "--resume", InFolder("a.checkpoint")]);
        IReadOnlyDictionary<string, string> metadata = OnnxModel.Load(InFolder("a.onnx")).Metadata;
        Assert.That((metadata["cnn.graph.precision"], metadata["cnn.graph.loss-scale"]), Is.EqualTo(("float16", "256")));

        Assert.That(Succeed([.. train, "--steps", "6", "--resume", InFolder("a.checkpoint"), "--precision", "float32", "--placement"]).Output,
            Does.Match("\nplacement CPUExecutionProvider: .*MatMul"));
    }

    [Test]
    public void The_training_step_itself_may_have_16_bits()
    {
        Succeed("train-graph", "lenet5", "--batch", "4", "--precision", "float16", "--out", InFolder("step.onnx"));
        Assert.That(OnnxModel.Load(InFolder("step.onnx")).Inputs.Select(i => i.Name), Does.Contain("optimizer_loss_scale"));
    }

    [Test]
    public void Devices_that_are_not_there_say_what_they_need()
    {
        JsonElement[] devices = [.. Json("devices").EnumerateArray()];
        Assert.That(devices.Select(d => d.GetProperty("name").GetString()), Is.SupersetOf(new[] { "cpu", "directml:0", "webgpu", "cuda:0" }));
        foreach (JsonElement device in devices.Where(d => !d.GetProperty("available").GetBoolean()))
        {
            string name = device.GetProperty("name").GetString()!;
            CliResult result = Run("bench", "lenet5", "--steps", "1", "--batch", "2", "--device", name);
            Assert.That(result.Code, Is.EqualTo(1), name);
            Assert.That(result.Error.ReplaceLineEndings(" ").TrimEnd(), Is.EqualTo($"cnn: {device.GetProperty("reason").GetString()!.ReplaceLineEndings(" ").TrimEnd()}"));
        }
    }
}

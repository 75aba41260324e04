using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Operators;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Runtime;

/// <summary>What one is told when a device fails at its work.</summary>
public class DeviceExceptionTests
{
    /// <summary>ONNX Runtime really asked for more than there is: 4 EB.</summary>
    [Test]
    public void A_lack_of_memory_names_the_work_and_the_mend()
    {
        var x = new Input(Label.Fixed("x"), TensorType.Float());
        var encoder = new GraphEncoder("huge", Model.DefaultOpset);
        encoder.AddInput(x);
        encoder.AddOutput("y", x.Apply(new Expand(Shape.Of(1 << 30, 1 << 30)), Label.Fixed("huge")));
        using var session = new DeviceSession(encoder.Finish(new Dictionary<string, string>()).ToBytes(), Device.Cpu);
        using OrtValue number = OrtValue.CreateTensorValueFromMemory([1f], []);
        using var options = new RunOptions();
        DeviceException? error = Assert.Throws<DeviceException>(() => session.Run("a training step of 9 samples", options, ["x"], [number], ["y"]).Dispose());
        Assert.That(error!.Message, Does.StartWith(
            "cpu has not enough memory for a training step of 9 samples. Take a smaller batch, smaller pictures or a narrower network. ONNX Runtime says: "));
        Assert.That(error.Device, Is.EqualTo(Device.Cpu));
    }

    [TestCase("HRESULT failed with 887A0005", "directml:0 was lost during a training step: its driver was reset")]
    [TestCase("Execution failed. 887A0006", "directml:0 was lost")]
    [TestCase("vkQueueSubmit returned VK_ERROR_DEVICE_LOST", "directml:0 was lost")]
    [TestCase("CreateCommittedResource 8007000E", "directml:0 has not enough memory for a training step.")]
    [TestCase("something\nelse", "directml:0 failed during a training step. A smaller batch or another device may do. ONNX Runtime says: something else")]
    public void What_drivers_say_is_put_into_words(string detail, string expected) =>
        Assert.That(DeviceException.Explain("directml:0", "a training step", detail), Does.StartWith(expected).And.Not.Contain("\n"));

    [Test]
    public void Long_words_are_cut() =>
        Assert.That(DeviceException.Explain("cpu", "a step", new string('x', 5000)), Has.Length.LessThan(500).And.EndsWith("…"));

    /// <summary>The failure is a real one: the batch's columns take more memory than there is.</summary>
    [Test]
    public void A_failed_training_names_its_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        string path = folder["lost.checkpoint"];
        Network network = Network.Input("image", 1, 12, 12).Conv2d(1 << 20, kernel: 1, name: "wide").GlobalAveragePool().Flatten().Dense(4).Build("wide");
        using var trainer = new Trainer(network, new TrainingOptions { Device = Device.Cpu, BatchSize = 1 << 17, CheckpointPath = path });
        Assert.That(
            () => trainer.Fit(Digits.Of(1 << 17)),
            Throws.TypeOf<DeviceException>().With.Message.Contains($"The last checkpoint is '{path}'; it can be resumed on this device or another."));
        Assert.That(File.Exists(path));
    }
}

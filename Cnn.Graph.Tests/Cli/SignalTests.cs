using System.Diagnostics;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>Trainings in a process of their own, which are interrupted from outside.</summary>
[Platform(Exclude = "Win", Reason = "Signals are sent with kill.")]
public class SignalTests : CliFixture
{
    private static readonly string[] Settings = ["--epochs", "80", "--batch", "8", "--lr", "0.02", "--device", "cpu"];

    private static readonly Lazy<bool> CanRestoreSignals = new(() =>
    {
        using Process process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "true"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    });

    [TestCase("INT")]
    [TestCase("TERM")]
    public void A_training_that_is_interrupted_says_how_to_go_on(string signal)
    {
        string data = WriteData(160);
        Succeed(["train", "lenet5", "--data", data, "--out", InFolder("whole.onnx"), .. Settings]);
        (int code, string error) = Interrupt(signal, data);

        Assert.That(code, Is.EqualTo(1), error);
        Assert.That(error, Does.Match(@"stopped after step \d+; to go on: cnn train lenet5 .*--resume"));
        Assert.That(FilesLeft, Does.Contain("a.onnx.checkpoint").And.None.EqualTo("a.onnx"));
        string command = error.TrimEnd('\n').Split('\n')[^1].Split("to go on: cnn ")[1];
        Assert.That(Run(command.Split(' ')).Code, Is.Zero);
        Assert.That(Read("a.onnx"), Is.EqualTo(Read("whole.onnx")));
    }

    [Test]
    public void A_training_that_is_killed_goes_on_from_its_last_checkpoint()
    {
        string data = WriteData(160);
        Succeed(["train", "lenet5", "--data", data, "--out", InFolder("whole.onnx"), .. Settings]);
        (int code, string error) = Interrupt("KILL", data);

        Assert.That(code, Is.Not.Zero);
        Assert.That(error, Does.Not.Contain("epoch 80/80"), "it was killed too late to show anything");
        Succeed("train", "lenet5", "--data", data, "--resume", InFolder("a.onnx.checkpoint"), "--out", InFolder("a.onnx"));
        Assert.That(Read("a.onnx"), Is.EqualTo(Read("whole.onnx")));
    }

    /// <summary>Starts a training, sends it a signal after its second pass and waits for its end.</summary>
    private (int Code, string Error) Interrupt(string signal, string data)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "cnn.dll");
        string[] train = ["train", "lenet5", "--data", data, "--out", InFolder("a.onnx"), .. Settings];
        // Whoever runs the tests in the background may have Ctrl-C ignored, which children inherit.
        string[] command = CanRestoreSignals.Value ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        using Process process = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], program, .. train])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var lines = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("epoch 2/", StringComparison.Ordinal))
            {
                using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
                kill.WaitForExit();
            }
        }

        process.WaitForExit();
        return (process.ExitCode, string.Join('\n', lines));
    }
}

using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

/// <summary>Networks whose file takes pictures with the channels last.</summary>
public class ChannelsLastTests
{
    private static readonly Network Trained =
        Network.Input("image", 3, 5, 6).Conv2d(4, kernel: 3).Tanh().Flatten().Dense(2, name: "scores").Build("net");

    /// <summary>From a trained network to a file for cameras: the same layers behind another input, with the same weights.</summary>
    [Test]
    public void A_trained_network_behind_a_channels_last_input_gives_the_same_scores()
    {
        Model model = Model.Initialize(Trained, seed: 3);
        Network wrapped = Network.ChannelsLastInput("image", 5, 6, 3).Reuse(Trained.Inputs[0], Trained.Outputs[0]).Build("net");
        OnnxModel last = new Model(wrapped, model.Weights).ToOnnx();
        float[] first = [.. Enumerable.Range(0, 90).Select(i => MathF.Sin(i))];
        float[] moved = [.. Enumerable.Range(0, 90).Select(i => first[(i % 3 * 30) + (i / 3)])];
        Assert.Multiple(() =>
        {
            Assert.That(last.Inputs.Single().ToString(), Is.EqualTo("image: float[N, 5, 6, 3]"));
            Assert.That(Scores(last, moved, [1, 5, 6, 3]), Is.EqualTo(Scores(model.ToOnnx(), first, [1, 3, 5, 6])));
        });
    }

    [Test]
    public void The_value_behind_the_input_has_its_channels_first() => Assert.Multiple(() =>
    {
        Assert.That(Network.ChannelsLastInput("image", 5, 6, 3).Shape.ToString(), Is.EqualTo("[N, 3, 5, 6]"));
        Assert.That(Network.Input("signal", 7, 2).ToChannelsFirst().Shape.ToString(), Is.EqualTo("[N, 2, 7]"));
        Assert.That(Network.Input("volume", 2, 3, 4, 5).ToChannelsLast().Shape.ToString(), Is.EqualTo("[N, 3, 4, 5, 2]"));
    });

    /// <summary>Data sets give channels first, which is said rather than mixed up.</summary>
    [Test]
    public void Training_and_measuring_say_what_they_take()
    {
        Network last = Network.ChannelsLastInput("image", 12, 12, 1).Flatten().Dense(4).Build("last");
        ImageDataset set = Digits.Of(10);
        using var trainer = new Trainer(last);
        using var evaluator = new Evaluator(Model.Initialize(last).ToOnnx(), Device.Cpu);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => trainer.Fit(set),
                Throws.InstanceOf<CnnGraphException>().With.Message.Contains("12x12x1").And.Message.Contains("1x12x12"));
            Assert.That(
                () => evaluator.Evaluate(set, Normalization.ScaleOnly(1)),
                Throws.InstanceOf<CnnGraphException>().With.Message.Contains("12x12x1").And.Message.Contains("1x12x12"));
        });
    }

    private static float[] Scores(OnnxModel model, float[] picture, long[] dims)
    {
        using var session = new InferenceSession(model.ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(picture, dims);
        using var options = new RunOptions();
        using var results = session.Run(options, ["image"], [input], ["output"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}

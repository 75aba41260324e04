using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>Gradients as users take them: as outputs of a network, exported and run like any other model.</summary>
public class GradientInNetworkTests
{
    [Test]
    public void A_saliency_map_can_be_exported()
    {
        Value image = Network.Input("image", 1, 6, 6);
        Value scores = image.Conv2d(3, kernel: 3).Tanh().AveragePool2d(2).Flatten().Dense(2);
        Network network = NetworkBuilder.Build([scores, Gradient.Of(scores.Sum(), image)[0]], "saliency");
        OnnxModel onnx = Model.Initialize(network, seed: 2).ToOnnx();
        using var session = new InferenceSession(onnx.ToBytes());
        float[] pixels = [.. Enumerable.Range(0, 36).Select(i => MathF.Sin(i))];
        float[] map = Run(pixels, 1);
        Assert.Multiple(() =>
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                float[] more = [.. pixels], less = [.. pixels];
                more[i] += 0.01f;
                less[i] -= 0.01f;
                Assert.That(map[i], Is.EqualTo((Run(more, 0).Sum() - Run(less, 0).Sum()) / 0.02f).Within(1e-3), $"pixel {i}");
            }
        });

        float[] Run(float[] picture, int output)
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(picture, [1, 1, 6, 6]);
            using var options = new RunOptions();
            using var results = session.Run(options, ["image"], [input], ["output", "output2"]);
            return results[output].GetTensorDataAsSpan<float>().ToArray();
        }
    }
}

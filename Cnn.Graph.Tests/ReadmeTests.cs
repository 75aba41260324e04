using Cnn.Graph.Architectures;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>What the README shows is what the samples hold, which are compiled with the tests.</summary>
public class ReadmeTests
{
    [Test]
    public void The_program_in_the_README_is_the_sample() =>
        Assert.That(Source("README.md"), Does.Contain($"```csharp\n{Source("samples", "TrainLeNet", "Program.cs")}```\n"));

    [TestCase("Branches.cs", "README.md")]
    [TestCase("Gradients.cs", "docs", "gradients.md")]
    [TestCase("Transfer.cs", "docs", "weights.md")]
    [TestCase("OnnxRuntimeTraining.cs", "Cnn.Graph.OrtTraining", "README.md")]
    public void Other_programs_in_the_documentation_are_among_the_samples(string sample, params string[] page) => Assert.That(
        Source(page), Does.Contain($"```csharp\n{Source("samples", "Snippets", sample).Split(["// <snippet>\n", "// </snippet>\n"], StringSplitOptions.None)[1]}```\n"));

    [Test]
    public void The_snippet_builds()
    {
        (Network saliency, Optimizer optimizer) = Snippets.Branches.Build();
        Assert.That(saliency.Outputs.Select(o => $"{o.Shape}"), Is.EqualTo(new[] { "[N, 10]", "[N, 3, 32, 32]" }));
        Assert.That(saliency.Parameters.Where(optimizer.Trains).Select(p => p.Name), Has.None.StartsWith("conv1/").And.Some.StartsWith("residual/"));
        Assert.That(Model.Initialize(saliency).ToOnnx().Outputs, Has.Count.EqualTo(2));
    }

    /// <summary>Two samples at once, each asked about a class of its own; differences tell the slopes.</summary>
    [Test]
    public void The_snippet_about_gradients_explains_a_trained_network()
    {
        (Network classifier, Network explained) = Snippets.Gradients.Build();
        Model trained = Model.Initialize(classifier, seed: 1);
        var model = new Model(explained, trained.Weights);
        Assert.That(explained.Inputs.Select(i => i.Name), Is.EqualTo(new[] { "image", "wanted" }));
        Assert.That(explained.Outputs.Select(o => $"{o.Shape}"), Is.EqualTo(new[] { "[N, 10]", "[N, 1, 28, 28]", "[N, 14, 14]" }));

        using var session = new InferenceSession(model.ToOnnx().ToBytes());
        float[] pixels = [.. Enumerable.Range(0, 2 * 784).Select(i => MathF.Sin(i * 0.37f))];
        float[] wanted = new float[20];
        (wanted[3], wanted[10 + 7]) = (1, 1);
        float[][] results = Run(pixels);
        Assert.That(results[2], Is.All.GreaterThanOrEqualTo(0).And.Some.GreaterThan(0));
        foreach ((int sample, int label, int pixel) in new[] { (0, 3, 200), (1, 7, 411) })
        {
            float[] more = [.. pixels], less = [.. pixels];
            more[(sample * 784) + pixel] += 1e-3f;
            less[(sample * 784) + pixel] -= 1e-3f;
            float slope = (Run(more)[0][(sample * 10) + label] - Run(less)[0][(sample * 10) + label]) / 2e-3f;
            Assert.That(results[1][(sample * 784) + pixel], Is.EqualTo(slope).Within(2e-3), $"sample {sample}, pixel {pixel}");
        }

        float[][] Run(float[] picture)
        {
            using OrtValue image = OrtValue.CreateTensorValueFromMemory(picture, [2, 1, 28, 28]), chosen = OrtValue.CreateTensorValueFromMemory(wanted, [2, 10]);
            using var options = new RunOptions();
            using var outputs = session.Run(options, ["image", "wanted"], [image, chosen], ["output", "output2", "output3"]);
            return [.. outputs.Select(o => o.GetTensorDataAsSpan<float>().ToArray())];
        }
    }

    [Test]
    public void The_snippet_about_transfer_freezes_all_but_the_last_stage()
    {
        using var folder = new TemporaryFolder();
        Architecture resnet = Architecture.Find("resnet18");
        Network network = resnet.Build();
        Model.Initialize(network, 1).SaveSafeTensors(folder["state.safetensors"], resnet.StateDictKeys(network));

        using Trainer trainer = Snippets.Transfer.Prepare(folder["state.safetensors"], classes: 3);

        string[] trained = [.. trainer.Network.Parameters.Where(trainer.Options.Optimizer.Trains).Select(p => p.Name.Split('/')[0]).Distinct()];
        Assert.That(trained, Is.EqualTo(new[] { "conv5_1", "conv5_2", "fc" }));
        Assert.That(trainer.Network.Outputs[0].Shape[1].Size, Is.EqualTo(3));
    }

    private static string Source(params string[] path) => File.ReadAllText(SourceTree.PathOf(path)).ReplaceLineEndings("\n");
}

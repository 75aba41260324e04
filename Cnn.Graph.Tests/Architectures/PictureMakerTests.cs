using Cnn.Graph.Architectures;
using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>Networks that make pictures: the deep image prior and DCGAN.</summary>
[Parallelizable(ParallelScope.All)]
public class PictureMakerTests
{
    /// <summary>The network gives a picture of the noise's size, even where halving leaves a pixel over.</summary>
    [TestCase("deep-image-prior", 64, 96)]
    [TestCase("deep-image-prior", 70, 101)]
    [TestCase("deep-image-prior-hole", 70, 101)]
    [TestCase("deep-image-prior-small", 70, 101)]
    public void The_picture_has_the_size_of_the_noise(string id, int height, int width)
    {
        Architecture architecture = Architecture.Find(id);
        Network network = architecture.Build(classes: 1, [architecture.Input[0], height, width]);
        Assert.That(network.Outputs[0].Shape.ToString(), Is.EqualTo($"[N, 1, {height}, {width}]"));
    }

    /// <summary>Details go around the hourglass: s1 sees a pixel only, d5 what its 3x3 kernels reach.</summary>
    [Test]
    public void Scales_of_the_deep_image_prior()
    {
        Network network = Architecture.Find("deep-image-prior").Build();
        string[] layers = ["s1/conv", "d1/conv2", "s5/conv", "d5/conv2", "u5/concat", "u1/concat", "u1/conv2"];
        Assert.That(layers.Select(layer => $"{layer} {network[layer].Shape}"), Is.EqualTo(new[]
        {
            "s1/conv [N, 4, 512, 512]", "d1/conv2 [N, 128, 256, 256]", "s5/conv [N, 4, 32, 32]", "d5/conv2 [N, 128, 16, 16]",
            "u5/concat [N, 132, 32, 32]", "u1/concat [N, 132, 512, 512]", "u1/conv2 [N, 128, 512, 512]",
        }));
    }

    [Test]
    public void Labels_cannot_teach_a_network_that_makes_pictures()
    {
        Network network = Architecture.Find("dcgan-generator").Build(classes: 1, [3, 2, 2], width: 0.05);
        var set = new ImageDataset("dots", 3, 2, 2, new byte[12], new[] { 0 }, ["dot"]);
        using var trainer = new Trainer(network, new TrainingOptions { Loss = Loss.MeanSquaredError(), Epochs = 1 });
        Assert.That(
            async () => await trainer.FitAsync(set),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("[N, 1, 80, 80]").And.Message.Contains("labels"));
    }

    /// <summary>
    /// The generator learns through the discriminator, which stays as it is: what it makes scores higher after each step.
    /// </summary>
    [Test]
    public void The_generator_learns_from_the_score_of_its_pictures()
    {
        Network judge = Architecture.Find("dcgan-discriminator").Build(width: 0.0625);
        Network maker = Architecture.Find("dcgan-generator").Build(width: 0.0625);
        Value score = maker.Outputs[0].Reuse(judge.Inputs[0], judge.Outputs[0], name: "judge");
        Optimizer optimizer = Architecture.Find("dcgan-generator").Recipe.Optimizer with
        {
            Groups = new(judge.Parameters.Select(p => ParameterGroup.Frozen(p.Name) with { NormalizesByBatch = true })),
        };
        using var run = new StepRun(score.Build("adversaries"), Loss.SigmoidCrossEntropy(), optimizer);
        TensorData noise = Tensors.Uniform("noise", [4, 100, 1, 1]), real = TensorData.Of<float>([1, 1, 1, 1], 4, 1);

        float[] losses = [.. Enumerable.Range(0, 6).Select(_ => run.Step(noise, real, 2e-3f))];

        Assert.Multiple(() =>
        {
            Assert.That(losses, Is.Ordered.Descending, string.Join(" ", losses));
            Assert.That(run.Graph.Frozen.Select(v => v.Name), Is.EquivalentTo(judge.Parameters.Select(p => p.Name)));
        });
    }
}

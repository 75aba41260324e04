using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>Narrow forms of compact, searched and generating networks on a few small pictures: five steps make the loss smaller.</summary>
[Parallelizable(ParallelScope.All)]
public class CompactLearningTests
{
    private const int Batch = 4, Steps = 5;

    [TestCase("squeezenet1_1", 0.25, new[] { 3, 64, 64 }, 0.1f)]
    [TestCase("mobilenet-v1", 0.125, new[] { 3, 64, 64 }, 0.0005f)]
    [TestCase("mobilenet_v2", 0.125, new[] { 3, 64, 64 }, 0.0005f)]
    [TestCase("deep-image-prior", 0.0625, new[] { 32, 64, 64 }, 0.01f)]
    [TestCase("dcgan-generator", 0.0625, new[] { 100, 1, 1 }, 0.002f)]
    [TestCase("dcgan-discriminator", 0.0625, new[] { 3, 64, 64 }, 0.002f)]
    public void Five_steps_of_the_recipe_lower_the_loss(string id, double width, int[] input, float learningRate)
    {
        Architecture architecture = Architecture.Find(id);
        Network network = architecture.Build(architecture.Classes == 1000 ? 4 : null, input, width);
        // All of SqueezeNet's batches make a step here.
        RequireLearning(network, architecture.Recipe.Loss, architecture.Recipe.Optimizer with { AccumulationSteps = 1 }, learningRate);
    }

    /// <summary>Two layers in each block, because ONNX Runtime takes long to prepare a step of hundreds.</summary>
    [Test]
    public void Five_steps_of_a_short_DenseNet_lower_the_loss() => RequireLearning(
        DenseNet.Create(new Design([3, 32, 32], Classes: 4, Width: 0.125), "short DenseNet", new(Growth: 32, [2, 2, 2, 2])),
        DenseNet.All[0].Recipe.Loss,
        DenseNet.All[0].Recipe.Optimizer,
        learningRate: 0.003f);

    /// <summary>One cell in each stage, plain gradient descent: a step of a whole network has tens of thousands of operators.</summary>
    [TestCase("nasnet-mobile-aux")]
    [TestCase("amoebanet-a")]
    public void Five_steps_of_a_short_network_of_cells_lower_the_loss(string id)
    {
        bool auxiliary = id.EndsWith("-aux", StringComparison.Ordinal);
        (SearchedCell normal, SearchedCell reduction) =
            auxiliary ? (NasNet.Normal, NasNet.Reduction) : (AmoebaNet.Normal, AmoebaNet.Reduction);
        Network network = new SearchedNetwork(normal, reduction, Cells: 1, Filters: 8, StemFilters: 8)
            .Create(new Design([3, 80, 80], Classes: 4, Width: 1), $"short {id}", auxiliary);
        RequireLearning(network, Architecture.Find(id).Recipe.Loss, Optimizer.Sgd(), learningRate: 0.01f);
    }

    private static void RequireLearning(Network network, Loss loss, Optimizer optimizer, float learningRate)
    {
        using var run = new StepRun(network.WithBatch(Batch), loss, optimizer);
        TensorData pictures = Tensors.Uniform("pictures", run.Graph.Inputs.Single(i => i.Kind == InputKind.Data).Shape.Sizes());
        Input wanted = run.Graph.Inputs.Single(i => i.Kind == InputKind.Target);
        TensorData target = wanted.Type.Element == ElementType.Int64
            ? TensorData.Vector<long>([.. Enumerable.Range(0, Batch).Select(i => (long)i % 3)])
            : Tensors.Uniform("target", wanted.Shape.Sizes(), low: 0);

        float[] losses = [.. Enumerable.Range(0, Steps + 1).Select(_ => run.Step(pictures, target, learningRate))];

        TestContext.Out.WriteLine($"{network.Name}: {string.Join(" ", losses)}");
        Assert.That(losses[^1], Is.LessThan(losses[0]));
    }
}

using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>
/// Narrow forms of the classic networks on a few small pictures: five steps by the recipe's loss and optimiser make the loss smaller.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class ClassicLearningTests
{
    private const int Batch = 8, Steps = 5;

    [TestCase("tdnn", 1, new[] { 16, 15 }, 0.05f)]
    [TestCase("lenet5", 1, new[] { 1, 28, 28 }, 0.02f)]
    [TestCase("lenet5-original", 1, new[] { 1, 32, 32 }, 0.002f)]
    [TestCase("caffe-lenet", 0.25, new[] { 1, 28, 28 }, 0.01f)]
    [TestCase("mlp", 0.1, new[] { 1, 28, 28 }, 0.05f)]
    [TestCase("vanilla-cnn", 0.25, new[] { 3, 16, 16 }, 0.005f)]
    [TestCase("alexnet-grouped", 0.0625, new[] { 3, 67, 67 }, 0.01f)]
    [TestCase("caffenet", 0.0625, new[] { 3, 67, 67 }, 0.01f)]
    [TestCase("alexnet", 0.125, new[] { 3, 63, 63 }, 0.05f)]
    [TestCase("zfnet", 0.0625, new[] { 3, 64, 64 }, 0.01f)]
    [TestCase("nin-cifar", 0.125, new[] { 3, 16, 16 }, 0.1f)]
    [TestCase("vgg11", 0.0625, new[] { 3, 32, 32 }, 0.01f)]
    [TestCase("vgg11_bn", 0.0625, new[] { 3, 32, 32 }, 0.01f)]
    [TestCase("deepface", 0.125, new[] { 3, 73, 73 }, 0.01f)]
    [TestCase("all-cnn-c", 0.125, new[] { 3, 16, 16 }, 0.05f)]
    public void Five_steps_lower_the_loss(string id, double width, int[] input, float learningRate)
    {
        Architecture architecture = Architecture.Find(id);
        int classes = id == "tdnn" ? 3 : 4;
        using var run = new StepRun(architecture.Build(classes, input, width), architecture.Recipe.Loss, architecture.Recipe.Optimizer);
        TensorData pictures = Tensors.Uniform("pictures", [Batch, .. input.Select(d => (long)d)]);
        // Most pictures are of one class, which even the narrow copies of networks that start almost silent can learn at once.
        TensorData labels = TensorData.Vector<long>([.. Enumerable.Range(0, Batch).Select(i => Math.Max(i - Batch + classes, 0L))]);

        float[] losses = [.. Enumerable.Range(0, Steps + 1).Select(_ => run.Step(pictures, labels, learningRate))];

        Assert.That(losses[^1], Is.LessThan(0.99 * losses[0]));
    }
}

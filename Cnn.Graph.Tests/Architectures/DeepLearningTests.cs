using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>
/// Narrow Inception, residual and other deep networks on a few small pictures: five plain steps by the recipe's loss make it smaller.
/// Plain, because ONNX Runtime takes its time with the many nodes that deep networks and elaborate optimizers make together.
/// </summary>
public class DeepLearningTests
{
    private const int Batch = 8, Steps = 5;

    [TestCase("googlenet-bvlc-aux", 0.25, 80, 0.05f)]
    [TestCase("googlenet-aux", 0.125, 64, 0.05f)]
    [TestCase("bn-inception-separable", 0.125, 64, 0.05f)]
    [TestCase("inception_v3", 0.0625, 75, 0.05f)]
    [TestCase("inception_v3-aux", 0.0625, 299, 0.05f)]
    [TestCase("inception-v4", 0.0625, 75, 0.05f)]
    [TestCase("inception-resnet-v1", 0.0625, 75, 0.02f)]
    [TestCase("inception-resnet-v2-paper", 0.0625, 75, 0.02f)]
    [TestCase("inception-resnet-v2", 0.0625, 75, 0.02f, Category = "Long")]
    [TestCase("resnet50", 0.0625, 64, 0.02f)]
    [TestCase("densenet121", 0.125, 32, 0.02f, Category = "Long")]
    [TestCase("nasnet-mobile", 0.125, 64, 0.02f, Category = "Long")]
    public void Five_steps_lower_the_loss(string id, double width, int side, float learningRate)
    {
        Architecture architecture = Architecture.Find(id);
        Network network = architecture.Build(classes: 4, [3, side, side], width).WithBatch(Batch);
        using var run = new StepRun(network, architecture.Recipe.Loss, Optimizer.Sgd());
        TensorData pictures = Tensors.Uniform("pictures", [Batch, 3, side, side]);
        TensorData labels = TensorData.Vector<long>([.. Enumerable.Range(0, Batch).Select(i => Math.Max(i - 4L, 0))]);

        float[] losses = [.. Enumerable.Range(0, Steps + 1).Select(_ => run.Step(pictures, labels, learningRate))];

        TestContext.Out.WriteLine(id + ": " + string.Join(" ", losses));
        Assert.That(losses[^1], Is.LessThan(losses[0]));
    }
}

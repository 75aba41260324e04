using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>
/// Thirty steps in ONNX Runtime Training against thirty steps here, from the same numbers on the same batches with the same noise: losses,
/// parameters and gathered statistics, and the loss of the network as it is used.
/// </summary>
[Category("OrtTraining")]
public class ArtifactTrainingTests
{
    private const int Steps = 30;

    [TestCase("sgd")]
    [TestCase("momentum")]
    [TestCase("classical")]
    [TestCase("dampened")]
    [TestCase("rmsprop")]
    [TestCase("adam")]
    [TestCase("adamw")]
    public void LeNet5_trains_alike(string optimizer) => Compare(LeNet.Modern.Build(), Loss.SoftmaxCrossEntropy(labelSmoothing: 0.1), Named(optimizer));

    [Test]
    public void Masks_of_dropout_are_fed() => Compare(Digits.Network(dropout: 0.5f), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9));

    [Test]
    public void Batch_normalization_gathers_its_statistics_in_a_residual_network() => Compare(
        Architecture.Find("resnet20-cifar-b").Build(classes: 4, [3, 16, 16], width: 0.25), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.001, momentum: 0.9, weightDecay: 1e-4));

    [Test]
    public void GoogLeNet_trains_with_its_auxiliary_classifiers()
    {
        Architecture googlenet = Architecture.Find("googlenet-bvlc-aux");
        Compare(googlenet.Build(classes: 4, [3, 80, 80], width: 0.125), googlenet.Recipe.Loss, googlenet.Recipe.Optimizer with { LearningRate = 0.001 }, batch: 8);
    }

    private static Optimizer Named(string name) => name switch
    {
        "sgd" => Optimizer.Sgd(0.05, weightDecay: 1e-3),
        "momentum" => Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 1e-3),
        "classical" => Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 1e-3, MomentumForm.Classical),
        "dampened" => Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-3, MomentumForm.Dampened),
        "rmsprop" => Optimizer.RmsProp(1e-3, weightDecay: 1e-3),
        "adam" => Optimizer.Adam(1e-3, weightDecay: 1e-3),
        _ => Optimizer.AdamW(1e-3),
    };

    private static void Compare(Network network, Loss loss, Optimizer optimizer, int batch = 16)
    {
        var artifacts = TrainingArtifacts.Of(
            Model.Initialize(network, seed: 1), new() { Loss = loss, Optimizer = optimizer, IsRateFixed = true, IsNoiseFed = true });
        using var run = new StepRun(network, loss, optimizer, seed: 1);
        float first = LossInUse(network, loss, run, Batch(network, batch, 0));
        float[] losses = new float[Steps];
        var feeds = new List<Dictionary<string, TensorData>>();
        for (int s = 0; s < Steps; s++)
        {
            (TensorData images, TensorData labels) = Batch(network, batch, s % 3);
            losses[s] = run.Step(images, labels, (float)optimizer.LearningRate);
            feeds.Add(run.Fed.ToDictionary(f => GraphEncoder.Identifier(f.Input.Name), f => f.Data));
        }

        OrtRun ort = OrtRuntime.Train(artifacts, feeds, feeds[0].Where(f => f.Key is "image" or "label").ToDictionary());

        float expected = LossInUse(network, loss, run, Batch(network, batch, 0));
        TestContext.Out.WriteLine(string.Join(" ", losses.Zip(ort.Losses, (a, b) => $"{a - b:e1}")));
        TestContext.Out.WriteLine($"loss {losses[0]} -> {losses[^1]}, there {ort.Losses[0]} -> {ort.Losses[^1]}; in use {first} -> {expected} and {ort.Eval["loss"].Floats()[0]}");
        Assert.Multiple(() =>
        {
            Assert.That(expected, Is.LessThan(0.99 * first), "nothing was learnt");
            Assert.That(ort.Losses.Zip(losses, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-4), "losses");
            Assert.That(ort.Eval["loss"].Floats()[0], Is.EqualTo(expected).Within(1e-4), "loss in use");
            double worst = 0;
            foreach (Variable v in network.Variables)
            {
                double error = Tensors.Error(ort.Variables[GraphEncoder.Identifier(v.Name)].Floats(), run[v].Floats());
                worst = Math.Max(worst, error);
                Assert.That(error, Is.LessThan(1e-4), v.Name);
            }

            TestContext.Out.WriteLine($"worst parameter {worst}");
        });
    }

    private static float LossInUse(Network network, Loss loss, StepRun run, (TensorData Images, TensorData Labels) batch)
    {
        var graph = LossGraph.ForUse(network, loss);
        (Value, TensorData)[] feeds =
            [.. network.Variables.Select(v => ((Value)v, run[v])), .. graph.Data.Zip([batch.Images, batch.Labels], (i, d) => ((Value)i, d))];
        return GraphRunner.Evaluate(graph.Loss, feeds)[0];
    }

    private static (TensorData Images, TensorData Labels) Batch(Network network, int batch, int number)
    {
        long classes = network.Outputs[0].Shape[1].Size;
        return (
            Tensors.Uniform($"images {number}", [batch, .. network.Inputs[0].Shape.Skip(1).Select(d => d.Size)]),
            TensorData.Vector<long>([.. Enumerable.Range(0, batch).Select(i => ((i * 7L) + number) % classes)]));
    }
}

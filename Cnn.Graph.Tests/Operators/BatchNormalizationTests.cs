using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

public class BatchNormalizationTests
{
    private static readonly float[] OneToFour = [1, 2, 3, 4];

    [Test]
    public void In_training_a_batch_is_brought_to_mean_zero_and_deviation_one()
    {
        Input x = Tensors.Input("x", 4, 1);
        Value y = NetworkForms.InTraining(x.BatchNorm(scale: false, shift: false));
        float[] actual = GraphRunner.Evaluate(y, (x, Tensors.Of(x, OneToFour)));
        Assert.That(actual, Is.EqualTo(new[] { -1.341635419968927f, -0.447211806656309f, 0.447211806656309f, 1.341635419968927f }).Within(1e-6f));
    }

    // One batch 1, 2, 3, 4 (mean 2.5, variance 1.25, or 5/3 without bias) after mean 0 and variance 1, then one of tens.
    private static IEnumerable<TestCaseData> Averages =>
    [
        Average("PyTorch", RunningAverage.Momentum(), (0.25, 1.0666666666666667), (2.725, 17.6266666666666667)),
        Average("TensorFlow", RunningAverage.Decay(0.9) with { IsVarianceUnbiased = false }, (0.25, 1.025), (2.725, 13.4225)),
        Average("Caffe", RunningAverage.Debiased(0.5), (2.5, 5.0 / 3), (17.5, (0.5 * 5 / 3 + 500.0 / 3) / 1.5)),
        Average("all batches alike", RunningAverage.Cumulative, (2.5, 5.0 / 3), (13.75, 505.0 / 6)),
        Average("nothing kept", RunningAverage.Decay(0), (2.5, 5.0 / 3), (25, 500.0 / 3)),
        Average("everything kept", RunningAverage.Momentum(0), (0, 1), (0, 1)),
    ];

    [TestCaseSource(nameof(Averages))]
    public void Averages_are_gathered(RunningAverage average, (double Mean, double Variance) first, (double Mean, double Variance) second)
    {
        Network network = Network.Input("x", 1).BatchNorm(average: average, name: "bn").Build("net");
        using var run = new StepRun(network.WithBatch(4), Loss.MeanSquaredError(), Optimizer.Sgd(0.1));
        Assert.Multiple(() =>
        {
            foreach ((float scale, (double mean, double variance)) in new[] { (1f, first), (10f, second) })
            {
                run.Step(Tensors.Of([4, 1], [.. OneToFour.Select(v => v * scale)]), Tensors.Of([4, 1], 0, 0, 0, 0), 0.1f);
                Assert.That(run["bn/mean"][0], Is.EqualTo(mean).Within(1e-6 * Math.Max(1, mean)));
                Assert.That(run["bn/variance"][0], Is.EqualTo(variance).Within(1e-6 * Math.Max(1, variance)));
            }
        });
    }

    [Test]
    public void A_single_element_has_no_variance()
    {
        Network network = Network.Input("x", 1).BatchNorm(name: "bn").Build("net");
        using var run = new StepRun(network.WithBatch(1), Loss.MeanSquaredError(), Optimizer.Sgd(0.1));
        run.Step(Tensors.Of([1, 1], 3), Tensors.Of([1, 1], 0), 0.1f);
        Assert.That(run["bn/mean"].Concat(run["bn/variance"]), Is.EqualTo(new[] { 0.3f, 0.9f }).Within(1e-6f));
    }

    [Test]
    public void A_frozen_layer_uses_what_was_gathered_and_leaves_it()
    {
        Network network = Network.Input("x", 1).BatchNorm(frozen: true, name: "bn").Build("net");
        TrainGraph graph = TrainGraph.Of(network.WithBatch(4), Loss.MeanSquaredError(), Optimizer.Sgd(0.1));
        Assert.Multiple(() =>
        {
            Assert.That(graph.Frozen.Select(v => v.Name), Is.EquivalentTo(new[] { "bn/mean", "bn/variance" }));
            Assert.That(graph.Variables.Select(v => v.Name), Is.EquivalentTo(new[] { "bn/scale", "bn/shift" }));
        });
    }

    [Test]
    public void Statistics_are_stored_but_are_no_parameters()
    {
        Network network = Network.Input("image", 3, 4, 4).BatchNorm(name: "bn").Build("net");
        Assert.Multiple(() =>
        {
            Assert.That(network.ParameterCount, Is.EqualTo(6));
            Assert.That(network.Variables.Select(v => v.Name), Is.EqualTo(new[] { "bn/scale", "bn/shift", "bn/mean", "bn/variance" }));
            Assert.That(network.Parameters.Select(p => p.Role), Is.EqualTo(new[] { ParameterRole.Scale, ParameterRole.Bias }));
            Assert.That(Model.Initialize(network).Weights["bn/variance"].Floats(), Is.EqualTo(new float[] { 1, 1, 1 }));
        });
    }

    [Test]
    public void In_use_it_is_one_node_of_ONNX()
    {
        Model model = Model.Initialize(Network.Input("image", 3, 4, 4).BatchNorm(epsilon: 1e-3, name: "bn").Build("net"));
        Graph.Onnx.OnnxModel onnx = model.ToOnnx();
        Assert.Multiple(() =>
        {
            Assert.That(onnx.Nodes.Select(n => n.OpType), Has.Exactly(1).EqualTo("BatchNormalization"));
            Assert.That(onnx.Initializers.Select(i => i.Name), Is.EquivalentTo(new[] { "bn_scale", "bn_shift", "bn_mean", "bn_variance" }));
        });
    }

    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Averages_take_shares(double share) => Assert.Multiple(() =>
    {
        Assert.That(() => RunningAverage.Momentum(share), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at most 1"));
        Assert.That(() => RunningAverage.Decay(share), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => RunningAverage.Debiased(share), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    private static TestCaseData Average(string name, RunningAverage average, (double, double) first, (double, double) second) =>
        new TestCaseData(average, first, second).SetArgDisplayNames(name);
}

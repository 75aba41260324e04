using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Optimizers;

/// <summary>Several batches to a step do what one batch of all their samples does.</summary>
public class AccumulationTests
{
    private const int Batches = 3, Samples = 4;

    private static IEnumerable<TestCaseData> Optimizers =>
    [
        Case("sgd", Optimizer.Sgd(weightDecay: 0.01)),
        Case("classical momentum", Optimizer.Sgd(momentum: 0.9, weightDecay: 0.01, form: MomentumForm.Classical)),
        Case("nesterov", Optimizer.Sgd(momentum: 0.9, form: MomentumForm.Nesterov)),
        Case("rmsprop", Optimizer.RmsProp(epsilon: 0.1, momentum: 0.5, tensorFlow: true)),
        Case("adagrad", Optimizer.Adagrad(epsilon: 0.1)),
        Case("adam", Optimizer.Adam(epsilon: 0.1, amsGrad: true)),
        Case("adamw", Optimizer.AdamW(epsilon: 0.1)),
        Case("clipped by the norm of all", Optimizer.Sgd() with { Clipping = GradientClipping.GlobalNorm(0.1) }),
        Case("clipped by value", Optimizer.Sgd() with { Clipping = GradientClipping.Value(0.01) }),
        Case("averaged", Optimizer.Sgd(momentum: 0.9) with { AveragingDecay = 0.8 }),
        Case("partly frozen", Optimizer.Sgd() with { Groups = new(ParameterGroup.Frozen("conv1/*"), ParameterGroup.BiasesWithoutDecay) }),
    ];

    /// <summary>Two steps of a network, every parameter and every state; the states of the sums themselves are zero after a step.</summary>
    [TestCaseSource(nameof(Optimizers))]
    public void Three_batches_are_one_of_three_times_the_size(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Dictionary<string, float[]> whole = Train(optimizer, Batches * Samples, steps: 2);
        Dictionary<string, float[]> parts = Train(optimizer with { AccumulationSteps = Batches }, Samples, steps: 2 * Batches);
        string[] sums = [.. whole.Keys.Where(n => parts.ContainsKey($"{n}/gradient_sum")).Select(n => $"{n}/gradient_sum"), "optimizer/batches"];
        Assert.Multiple(() =>
        {
            Assert.That(parts.Keys, Is.EquivalentTo(whole.Keys.Concat(sums)));
            Assert.That(sums.SelectMany(s => parts[s]), Is.All.Zero);
            foreach ((string name, float[] expected) in whole)
            {
                Assert.That(Tensors.Error(parts[name], expected), Is.LessThan(1e-6), name);
            }
        });
    }

    [Test]
    public void Between_steps_parameters_and_states_stay_as_they_were()
    {
        Optimizer optimizer = Optimizer.Adam() with { AccumulationSteps = Batches, AveragingDecay = 0.9 };
        Dictionary<string, float[]> step = Train(optimizer, Samples, steps: Batches), between = Train(optimizer, Samples, steps: Batches + 2);
        Assert.Multiple(() =>
        {
            Assert.That(step.Where(v => !v.Value.SequenceEqual(between[v.Key])).Select(v => v.Key), Has.All.EndWith("/gradient_sum").Or.EqualTo("optimizer/batches"));
            Assert.That(between["optimizer/batches"], Is.EqualTo(new[] { 2f }));
        });
    }

    /// <summary>Given gradients 1, 2 and 6 the step is one of 3; the rate is that of the batch that ends the step.</summary>
    [Test]
    public void The_mean_is_followed_at_the_last_rate()
    {
        Assert.That(
            Path(Optimizer.Sgd(momentum: 0.5) with { AccumulationSteps = 3 }, [9, 9, 0.1, 9, 9, 0.2], [1, 2, 6, 0, 0, 3]),
            Is.EqualTo(new[] { 1, 1, 0.7, 0.7, 0.7, 0.7 - (0.2 * 2.5) }).Within(1e-6));
    }

    /// <summary>After the first batch the step that is not taken would lead to infinity.</summary>
    [Test]
    public void A_step_that_is_not_taken_leaves_no_trace() => Assert.That(
        Path(Optimizer.Sgd(momentum: 0.9) with { AccumulationSteps = 2 }, [10, 10, 10, 0.1], [3e38, -3e38, 0, 2]), Is.EqualTo(new[] { 1, 1, 1, 0.9 }).Within(1e-6));

    [Test]
    public void One_batch_a_step_needs_no_sums() =>
        Assert.That(Train(Optimizer.Sgd() with { AccumulationSteps = 1 }, Samples, 1).Keys, Has.None.Contains("gradient_sum"));

    [TestCase(0)]
    [TestCase(-2)]
    public void A_number_out_of_range_is_refused(int steps) => Assert.That(
        () => Optimizer.Sgd() with { AccumulationSteps = steps }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("AccumulationSteps"));

    private static double[] Path(Optimizer optimizer, double[] rates, double[] gradients)
    {
        Parameter w = OptimizerRun.Weight("w", 1, 1);
        Input gradient = Tensors.Input("gradient", 1);
        var run = new OptimizerRun(optimizer, (gradient * w).Sum(), w);
        return [.. run.Run(w, rates, (step, values) => values[gradient] = TensorData.Vector((float)gradients[step])).Select(x => (double)x)];
    }

    /// <summary>All variables after some steps of a small network with batches from one sequence of samples.</summary>
    private static Dictionary<string, float[]> Train(Optimizer optimizer, int batch, int steps)
    {
        TrainGraph graph = TrainGraph.Of(Digits.Network(side: 6).WithBatch(batch), Loss.SoftmaxCrossEntropy(), optimizer);
        float[] pixels = Tensors.Uniform("pixels", [8 * Batches * Samples, 1, 6, 6]).Floats();
        Dictionary<Value, TensorData> values = GraphRunner.Feeds(
            graph.Variables.Concat(graph.Frozen).Select(v => ((Value)v, v.Initializer.Draw(v, 1))));
        using var runner = new GraphRunner([.. graph.Updates.Select(u => u.Next)]);
        for (int step = 0; step < steps; step++)
        {
            foreach (Input input in graph.Inputs)
            {
                values[input] = input.Kind switch
                {
                    InputKind.Scalar => TensorData.Scalar(0.1f),
                    InputKind.Target => TensorData.Vector<long>([.. Enumerable.Range(step * batch, batch).Select(i => (long)(i * 7 % 4))]),
                    _ => Tensors.Of(input, pixels[(step * batch * 36)..((step + 1) * batch * 36)]),
                };
            }

            foreach ((Update update, TensorData next) in graph.Updates.Zip(runner.Run(values)))
            {
                values[update.Variable] = next;
            }
        }

        return graph.Variables.ToDictionary(v => v.Name, v => values[v].Floats());
    }

    private static TestCaseData Case(string name, Optimizer optimizer) => new TestCaseData(optimizer).SetArgDisplayNames(name);
}

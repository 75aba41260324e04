using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Optimizers;

/// <summary>Running averages of the parameters.</summary>
public class AveragingTests
{
    private static readonly double[] Gradients = [1, -2, 0.5, 3, -1, 2];

    /// <summary>The average of w₁…w_t with the weights (1 − d)·d^(t−s), divided by their sum 1 − d^t; in double.</summary>
    [TestCase(0.0)]
    [TestCase(0.9)]
    [TestCase(0.999)]
    public void The_average_is_that_of_the_new_values_without_a_start(double decay)
    {
        (float[] weights, float[] averages) = Paths(Optimizer.Sgd() with { AveragingDecay = decay });
        for (int t = 1; t <= Gradients.Length; t++)
        {
            double[] shares = [.. Enumerable.Range(1, t).Select(s => (1 - decay) * Math.Pow(decay, t - s))];
            Assert.That(shares.Sum(), Is.EqualTo(1 - Math.Pow(decay, t)).Within(1e-12));
            Assert.That(averages[t - 1], Is.EqualTo(shares.Zip(weights, (share, w) => share * w).Sum() / shares.Sum()).Within(1e-6), $"step {t}");
        }
    }

    /// <summary>Bit for bit: a start at zero would show here first.</summary>
    [Test]
    public void After_one_step_the_average_is_the_parameter()
    {
        (float[] weights, float[] averages) = Paths(Optimizer.Sgd() with { AveragingDecay = 0.9999 });
        Assert.That(averages[0], Is.EqualTo(weights[0]));
    }

    [Test]
    public void Batches_without_a_step_do_not_count()
    {
        (_, float[] each) = Paths(Optimizer.Sgd() with { AveragingDecay = 0.5 });
        (_, float[] every) = Paths(Optimizer.Sgd() with { AveragingDecay = 0.5, AccumulationSteps = 2 }, [.. Gradients.SelectMany(g => new[] { g, g })]);
        Assert.That(every.Where((_, i) => i % 2 == 1), Is.EqualTo(each).Within(1e-6));
        Assert.That(every[2], Is.EqualTo(every[1]));
    }

    [TestCase(-0.1)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void A_share_out_of_range_is_refused(double decay) => Assert.That(
        () => Optimizer.Sgd() with { AveragingDecay = decay }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("AveragingDecay"));

    /// <summary>A parameter and its average after each batch at rate 0.1.</summary>
    private static (float[] Weights, float[] Averages) Paths(Optimizer optimizer, double[]? gradients = null)
    {
        double[] given = gradients ?? Gradients;
        return ([.. Run(v => v is Parameter)], [.. Run(v => v.Name == "w/average")]);

        IReadOnlyList<float> Run(Func<Variable, bool> isWatched)
        {
            Parameter w = OptimizerRun.Weight("w", 1, 1);
            Input gradient = Tensors.Input("gradient", 1);
            var run = new OptimizerRun(optimizer, (gradient * w).Sum(), w);
            Variable watched = run.Updates.Select(u => u.Variable).Single(isWatched);
            return run.Run(watched, given.Select(_ => 0.1), (step, values) => values[gradient] = TensorData.Vector((float)given[step]));
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>The optimiser's graph, run step by step on L = w².</summary>
public class SgdTests
{
    private static readonly double[] Rates = [0.1, 0.1, 0.01, 0.01];

    /// <summary>
    /// The published forms of momentum agree while the rate is constant and part when it changes; these are the numbers of PyTorch's form,
    /// in which the rate stands outside the velocity.
    /// </summary>
    [Test]
    public void Momentum_and_weight_decay_with_a_changing_rate() => Assert.That(
        Run(Optimizer.Sgd(momentum: 0.9, weightDecay: 5e-4), Rates),
        Is.EqualTo(new[] { 0.79995, 0.459875002, 0.420068453, 0.37583909 }).Within(1e-7));

    [Test]
    public void Plain_descent() => Assert.That(
        Run(Optimizer.Sgd(), Rates), Is.EqualTo(new[] { 0.8, 0.8 * 0.8, 0.64 * 0.98, 0.64 * 0.98 * 0.98 }).Within(1e-7));

    [Test]
    public void Weight_decay_is_added_to_the_gradient() => Assert.That(
        Run(Optimizer.Sgd(weightDecay: 0.5), [0.1, 0.1]), Is.EqualTo(new[] { 0.75, 0.75 * 0.75 }).Within(1e-7));

    [TestCase(0, 0)]
    [TestCase(0.9, 1)]
    public void Only_momentum_keeps_a_velocity(double momentum, int states)
    {
        Update[] updates = [.. Step(Optimizer.Sgd(momentum: momentum)).Updates];
        Assert.Multiple(() =>
        {
            Assert.That(updates.Count(u => u.Variable is State), Is.EqualTo(states));
            Assert.That(updates.Select(u => u.Variable.Name).Where(n => n != "w"), Is.EqualTo(states == 1 ? ["w/velocity"] : Array.Empty<string>()));
        });
    }

    [TestCase(0, 0, 0, "learningRate")]
    [TestCase(-1, 0, 0, "learningRate")]
    [TestCase(double.NaN, 0, 0, "learningRate")]
    [TestCase(double.PositiveInfinity, 0, 0, "learningRate")]
    [TestCase(0.1, 1, 0, "momentum")]
    [TestCase(0.1, -0.1, 0, "momentum")]
    [TestCase(0.1, double.NaN, 0, "momentum")]
    [TestCase(0.1, 0, -1e-4, "weightDecay")]
    [TestCase(0.1, 0, double.NaN, "weightDecay")]
    public void Numbers_out_of_range_are_refused(double rate, double momentum, double decay, string named) => Assert.That(
        () => Optimizer.Sgd(rate, momentum, decay),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(named).And.Message.Contains("must be"));

    private static (Parameter Weight, Input Rate, IEnumerable<Update> Updates) Step(Optimizer optimizer)
    {
        var weight = new Parameter(Label.Fixed("w"), TensorType.Float(), Initializer.Constant(1), ParameterRole.Weight);
        var rate = new Input(Label.Fixed("rate"), TensorType.Float(), InputKind.Scalar);
        return (weight, rate, optimizer.Step(weight, Gradient.Of(weight * weight, weight)[0], rate));
    }

    private static double[] Run(Optimizer optimizer, double[] rates)
    {
        (Parameter weight, Input rate, IEnumerable<Update> steps) = Step(optimizer);
        Update[] updates = [.. steps];
        Dictionary<Value, TensorData> values = GraphRunner.Feeds(updates.Select(u => ((Value)u.Variable, u.Variable.Initializer.Draw(u.Variable, 0))));
        using var runner = new GraphRunner([.. updates.Select(u => u.Next)]);
        var path = new List<double>();
        foreach (double r in rates)
        {
            values[rate] = TensorData.Scalar((float)r);
            IReadOnlyList<TensorData> next = runner.Run(values);
            for (int i = 0; i < updates.Length; i++)
            {
                values[updates[i].Variable] = next[i];
            }

            path.Add(values[weight].Floats()[0]);
        }

        return [.. path];
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>The graphs of the optimisers, run step by step on one number.</summary>
public class OptimizerTests
{
    private static readonly double[] Rates = [0.1, 0.1, 0.01, 0.01];

    /// <summary>
    /// The published forms of momentum agree while the rate is constant and part when it changes. L = w², w = 1 at first.
    /// </summary>
    [TestCase(MomentumForm.PyTorch, 0.79995, 0.459875002, 0.420068453, 0.37583909)]
    [TestCase(MomentumForm.Classical, 0.79995, 0.459875002, 0.144607705, -0.142025739)]
    [TestCase(MomentumForm.Dampened, 0.979995, 0.9423857, 0.906652087, 0.872678079)]
    [TestCase(MomentumForm.Nesterov, 0.619905, 0.222241709, 0.189165796, 0.156208728)]
    [TestCase(MomentumForm.Decoupled, 0.79995, 0.459920003, 0.144728303, -0.141837447)]
    public void Momentum_and_weight_decay_with_a_changing_rate(MomentumForm form, params double[] path) =>
        Assert.That(Run(Optimizer.Sgd(momentum: 0.9, weightDecay: 5e-4, form: form), Rates), Is.EqualTo(path).Within(1e-6));

    /// <summary>With an epsilon of 1, as Inception was trained, its place changes the step by tens of percent.</summary>
    [TestCase(true, null, 0.929289322, 0.733773617, 0.624181814)]
    [TestCase(true, 0.0, 0.904653741, 0.654995724, 0.510859655)]
    [TestCase(false, null, 0.924025307, 0.738001025, 0.628198556)]
    public void RmsProp_with_momentum(bool tensorFlow, double? initial, params double[] path) => Assert.That(
        Run(Optimizer.RmsProp(decay: 0.9, epsilon: 1, momentum: 0.9, tensorFlow: tensorFlow, initialMeanSquare: initial), [0.1, 0.1, 0.1], [1, 2, -1]),
        Is.EqualTo(path).Within(1e-6));

    /// <summary>Caffe's: h ← rho·h + (1 − rho)·g², w ← w − rate·g / (√h + delta), in double.</summary>
    [Test]
    public void RmsProp_without_momentum()
    {
        double[] gradients = [1, 2, -1];
        double w = 1, h = 0;
        var path = new List<double>();
        foreach (double g in gradients)
        {
            h = (0.98 * h) + (0.02 * g * g);
            w -= 0.1 * g / (Math.Sqrt(h) + 0.5);
            path.Add(w);
        }

        Assert.That(Run(Optimizer.RmsProp(decay: 0.98, epsilon: 0.5), [0.1, 0.1, 0.1], gradients), Is.EqualTo(path).Within(1e-6));
    }

    [Test]
    public void Adagrad_divides_by_all_gradients_so_far() => Assert.That(
        Run(Optimizer.Adagrad(epsilon: 1e-3), [0.1, 0.1], [3, -4]),
        Is.EqualTo(new[] { 1 - (0.3 / 3.001), 1 - (0.3 / 3.001) + (0.4 / 5.001) }).Within(1e-6));

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public void Adam_as_its_paper_has_it(bool decoupled, bool amsGrad)
    {
        double[] gradients = [1, -2, 0.1, 0.2];
        double w = 1, m = 0, v = 0, largest = 0;
        var path = new List<double>();
        for (int t = 1; t <= gradients.Length; t++)
        {
            double d = gradients[t - 1] + (decoupled ? 0 : 0.1 * w);
            m = (0.9 * m) + (0.1 * d);
            v = (0.99 * v) + (0.01 * d * d);
            largest = amsGrad ? Math.Max(largest, v) : v;
            w -= decoupled ? 0.01 * 0.1 * w : 0;
            w -= 0.01 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(largest / (1 - Math.Pow(0.99, t))) + 1e-3);
            path.Add(w);
        }

        Optimizer optimizer = decoupled
            ? Optimizer.AdamW(beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, amsGrad: amsGrad)
            : Optimizer.Adam(beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1, amsGrad: amsGrad);
        Assert.That(Run(optimizer, [0.01, 0.01, 0.01, 0.01], gradients), Is.EqualTo(path).Within(1e-6));
    }

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

    private static (Parameter Weight, Input Rate, Input Slope, IEnumerable<Update> Updates) Step(Optimizer optimizer, bool isGiven = false)
    {
        var weight = new Parameter(Label.Fixed("w"), TensorType.Float(), Initializer.Constant(1), ParameterRole.Weight);
        var rate = new Input(Label.Fixed("rate"), TensorType.Float(), InputKind.Scalar);
        var slope = new Input(Label.Fixed("slope"), TensorType.Float(), InputKind.Scalar);
        Value gradient = isGiven ? slope : Gradient.Of(weight * weight, weight)[0];
        return (weight, rate, slope, optimizer.Updates([new ParameterGradient(weight, gradient)], rate));
    }

    /// <summary>The number after each step, for L = w² or for gradients that are given.</summary>
    private static double[] Run(Optimizer optimizer, double[] rates, double[]? gradients = null)
    {
        (Parameter weight, Input rate, Input slope, IEnumerable<Update> steps) = Step(optimizer, gradients is not null);
        Update[] updates = [.. steps];
        Dictionary<Value, TensorData> values = GraphRunner.Feeds(updates.Select(u => ((Value)u.Variable, u.Variable.Initializer.Draw(u.Variable, 0))));
        using var runner = new GraphRunner([.. updates.Select(u => u.Next)]);
        var path = new List<double>();
        for (int step = 0; step < rates.Length; step++)
        {
            values[rate] = TensorData.Scalar((float)rates[step]);
            if (gradients is not null)
            {
                values[slope] = TensorData.Scalar((float)gradients[step]);
            }

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

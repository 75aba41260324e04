using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Activations at known points, and the slopes that learn.</summary>
public class ActivationTests
{
    private static IEnumerable<TestCaseData> Points =>
    [
        Point("scaled tanh: ±1 stay", x => x.ScaledTanh(), [-1, 0, 1], [-0.9999973f, 0, 0.9999973f]),
        Point("relu6", x => x.Relu6(), [-1, 0, 5.5f, 6, 7], [0, 0, 5.5f, 6, 6]),
        Point("elu", x => x.Elu(alpha: 2), [-100, -1, 0, 3], [-2, 2 * (MathF.Exp(-1) - 1), 0, 3]),
        Point("gelu: Φ(1) = 0.8413447", x => x.Gelu(), [-1, 0, 1, 20], [-0.1586553f, 0, 0.8413447f, 20]),
        Point("silu", x => x.Silu(), [-MathF.Log(3), 0, MathF.Log(3), 50], [-MathF.Log(3) / 4, 0, 0.75f * MathF.Log(3), 50]),
        Point("prelu", x => x.PRelu(), [-2, 0, 3], [-0.5f, 0, 3]),
    ];

    [TestCaseSource(nameof(Points))]
    public void Values_at_known_points(Func<Value, Value> activation, float[] points, float[] expected) =>
        Assert.That(Run(points, activation)[0].Floats(), Is.EqualTo(expected).Within(2e-6f));

    private static IEnumerable<TestCaseData> Kinks =>
    [
        Kink("abs", x => x.Abs(), 0),
        Kink("prelu", x => x.PRelu(), 0.25f),
        Kink("relu6 at 0", x => x.Relu6(), 0),
        Kink("relu6 at 6", x => (6 + x).Relu6(), 0),
        Kink("elu", x => x.Elu(alpha: 0.4), 0.4f),
    ];

    [TestCaseSource(nameof(Kinks))]
    public void At_a_kink_the_gradient_is_that_of_PyTorch(Func<Value, Value> activation, float expected) =>
        Assert.That(Run([0], activation)[1].Floats(), Is.EqualTo(new[] { expected }));

    [TestCase("3,4,5", false, "[3, 1, 1]")]
    [TestCase("3,4,5", true, "[1]")]
    [TestCase("6", false, "[6]")]
    [TestCase("2,3,4,5", false, "[2, 1, 1, 1]")]
    public void A_parametric_rectifier_has_a_slope_a_channel(string sample, bool shared, string expected)
    {
        Parameter slope = Network.Input("x", [.. sample.Split(',').Select(int.Parse)]).PRelu(shared).Build("net").Parameters.Single();
        Assert.Multiple(() =>
        {
            Assert.That(slope.Name, Is.EqualTo("prelu1/slope"));
            Assert.That(slope.Shape.ToString(), Is.EqualTo(expected));
            Assert.That(slope.Role, Is.EqualTo(ParameterRole.Scale));
            Assert.That(slope.Initializer.Draw(slope, 1).Floats(), Is.All.EqualTo(0.25f));
        });
    }

    /// <summary>The activation of some numbers, and its gradient.</summary>
    private static IReadOnlyList<TensorData> Run(float[] points, Func<Value, Value> activation)
    {
        Input x = Tensors.Input("x", 1, 1, points.Length);
        Value y = activation(x);
        IEnumerable<(Value, TensorData)> slopes = Traversal.Leaves([y]).OfType<Parameter>().Select(p => ((Value)p, p.Initializer.Draw(p, 1)));
        return GraphRunner.Evaluate([y, .. Gradient.Of(y.Sum(), x)], GraphRunner.Feeds([(x, Tensors.Of(x, points)), .. slopes]));
    }

    private static TestCaseData Point(string name, Func<Value, Value> activation, float[] points, float[] expected) =>
        new TestCaseData(activation, points, expected).SetArgDisplayNames(name);

    private static TestCaseData Kink(string name, Func<Value, Value> activation, float expected) =>
        new TestCaseData(activation, expected).SetArgDisplayNames(name);
}

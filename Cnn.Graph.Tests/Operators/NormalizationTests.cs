using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Normalisations of known numbers, and what is written for them.</summary>
public class NormalizationTests
{
    private static readonly double[] Divided =
    [
        5.88435732238703, 11.63133543236201, 17.1359984121917, 22.29552078236272, 27.036508837720298, 31.312556914105116, 36.90408743746865, 42.86249709884835,
    ];

    private static readonly double[] Undivided =
    [
        5.651837543487509, 10.708635064208591, 14.866752773556597, 17.999543588308637, 20.192328318362204, 21.619855906625062, 26.02821217713309, 31.33075905830611,
    ];

    /// <summary>
    /// Eight channels of 10, 20, … 80 under AlexNet's settings, computed in double by the formula of the paper and by PyTorch.
    /// </summary>
    [Test]
    public void Both_readings_of_local_response_normalisation([Values] bool dividedAlpha)
    {
        Input x = Tensors.Input("x", 1, 8, 1, 1);
        float[] actual = GraphRunner.Evaluate(
            x.LocalResponseNorm(size: 5, alpha: 1e-4, beta: 0.75, k: 2, dividedAlpha), (x, Tensors.Of(x, 10, 20, 30, 40, 50, 60, 70, 80)));
        Assert.That(actual, Is.EqualTo((dividedAlpha ? Divided : Undivided).Select(v => (float)v)).Within(1e-4).Percent);
    }

    /// <summary>Which of four channels see the second, which is large enough to bring them to nothing.</summary>
    [TestCase(3, false, "yes yes yes no")]
    [TestCase(2, false, "no yes yes no")]
    [TestCase(2, true, "yes yes no no")]
    [TestCase(4, false, "yes yes yes yes")]
    [TestCase(1, false, "no yes no no")]
    public void An_even_window_has_its_odd_channel_before_the_element_or_behind_it(int size, bool extraBehind, string expected)
    {
        Input x = Tensors.Input("x", 1, 4, 1, 1);
        float[] numbers = [0.001f, 1, 0.001f, 0.001f];
        float[] y = GraphRunner.Evaluate(
            x.LocalResponseNorm(size, alpha: 1000, beta: 1, dividedAlpha: false, extraBehind: extraBehind), (x, Tensors.Of(x, numbers)));
        Assert.That(string.Join(" ", y.Select((v, i) => v < 0.5 * numbers[i] ? "yes" : "no")), Is.EqualTo(expected));
    }

    [TestCase(5, 17, "LRN")]
    [TestCase(1, 17, "LRN")]
    [TestCase(4, 17, "Mul, Conv, Add, Pow, Mul")]
    public void Local_response_normalisation_is_one_operator_where_ONNX_Runtime_has_it(int size, int opset, string expected) =>
        Assert.That(Written(Network.Input("x", 6, 2, 2).LocalResponseNorm(size), opset), Is.EqualTo(expected));

    private static IEnumerable<TestCaseData> Forms =>
    [
        Form("layer", x => x.LayerNorm(), 17, "LayerNormalization"),
        Form("layer, before ONNX had it", x => x.LayerNorm(), 16, "Reshape, InstanceNormalization, Reshape, Mul, Add"),
        Form("instance", x => x.InstanceNorm(), 13, "InstanceNormalization"),
        Form("group", x => x.GroupNorm(groups: 2), 17, "Reshape, InstanceNormalization, Reshape, Reshape, Mul, Reshape, Add"),
    ];

    [TestCaseSource(nameof(Forms))]
    public void Normalisations_are_written_in_operators_of_the_set(Func<Value, Value> layer, int opset, string expected) =>
        Assert.That(Written(Network.Input("x", 6, 2, 2).Pipe(layer), opset), Is.EqualTo(expected));

    /// <summary>A mean far from zero, which sinks a variance that is computed as E[x²] − E[x]².</summary>
    [Test]
    public void A_large_mean_does_not_disturb_the_gradient()
    {
        Input x = Tensors.Input("x", 1, 4, 8), far = Tensors.Input("far", 1, 4, 8);
        TensorData numbers = Tensors.Uniform("x", [1, 4, 8]), moved = Tensors.Of(x, [.. numbers.Floats().Select(v => v + 1024)]);
        foreach (Func<Value, Value> layer in new Func<Value, Value>[] { v => v.LayerNorm(axes: 1, affine: false), v => v.InstanceNorm(false), v => v.GroupNorm(2, false) })
        {
            float[] near = Slope(x, numbers, layer), distant = Slope(far, moved, layer);
            Assert.That(Tensors.Error(distant, near), Is.LessThan(1e-4));
        }

        static float[] Slope(Input x, TensorData numbers, Func<Value, Value> layer)
        {
            Constant weights = Constants.Floats(Tensors.Uniform("r", [1, 4, 8]).Floats(), [1, 4, 8]);
            return GraphRunner.Evaluate(Gradient.Of((layer(x) * weights).Sum(), x)[0], (x, numbers));
        }
    }

    [Test]
    public void Scale_and_shift_start_as_if_they_were_not_there()
    {
        Network network = Network.Input("x", 6, 2, 2).GroupNorm(groups: 2).LayerNorm().InstanceNorm(affine: false).Build("net");
        Assert.That(
            network.Parameters.Select(p => $"{p.Name} {p.Shape} {p.Role} {p.Initializer.Draw(p, 1).Floats()[^1]}"),
            Is.EqualTo(new[]
            {
                "group_norm1/scale [6] Scale 1", "group_norm1/shift [6] Bias 0",
                "layer_norm1/scale [6, 2, 2] Scale 1", "layer_norm1/shift [6, 2, 2] Bias 0",
            }));
    }

    private static string Written(Value y, int opset)
    {
        OnnxModel model = Model.Initialize(y.Build("net")).ToOnnx(opset);
        return string.Join(", ", model.Nodes.Select(n => n.OpType));
    }

    private static TestCaseData Form(string name, Func<Value, Value> layer, int opset, string expected) =>
        new TestCaseData(layer, opset, expected).SetArgDisplayNames(name);
}

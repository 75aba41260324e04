using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>
/// A textbook exercise: dL/dw of one filter weight for a 5x5x3 convolution, a nonlinearity σ and a linear layer under the loss
/// ½ Σ (t − ŷ)²; once plain, once with 2x2 max pooling at stride 1 between, once with a dense layer in place of the convolution. The
/// derivatives are worked out by hand as plain loops in double, over every weight of the filters.
/// </summary>
public class ConvolutionalNetworkExerciseTests
{
    private const int Side = 8, Channels = 3, Kernel = 5, Maps = 5, Outputs = 4, Positions = Side - Kernel + 1;

    private readonly TensorData _image = Tensors.Uniform("image", [1, Channels, Side, Side]);
    private readonly TensorData _filters = Tensors.Uniform("filters", [Maps, Channels, Kernel, Kernel], -0.3f, 0.3f);
    private readonly TensorData _bias = Tensors.Uniform("bias", [Maps]);
    private readonly TensorData _target = Tensors.Uniform("target", [1, Outputs]);

    /// <summary>
    /// a) dL/dw[k, c, x, y] = −Σo (to − ŷo) Σij w2[o; ijk] σ'(a[ijk]) I[i+x, j+y, c]: every position adds what it saw under that tap.
    /// </summary>
    [Test]
    public void Convolution_and_linear_layer()
    {
        TensorData linear = Tensors.Uniform("linear", [Outputs, Maps * Positions * Positions]);
        double[] activity = Activity();
        double[] errors = Errors(linear, activity);
        double[] atMap = Back(linear, errors);
        Compare(Filtered(AtInput(atMap, activity)), linear, x => x.Sigmoid());
    }

    /// <summary>
    /// b) With max pooling, the error of each pooled unit goes to the one position that won; the others get nothing from it.
    /// </summary>
    [Test]
    public void With_max_pooling_only_the_winners_count()
    {
        const int Pooled = Positions - 1;
        TensorData linear = Tensors.Uniform("linear", [Outputs, Maps * Pooled * Pooled]);
        double[] activity = Activity();
        var winners = new int[Maps * Pooled * Pooled];
        for (int p = 0; p < winners.Length; p++)
        {
            (int k, int i, int j) = (p / (Pooled * Pooled), p / Pooled % Pooled, p % Pooled);
            int corner = (((k * Positions) + i) * Positions) + j;
            winners[p] = new[] { corner, corner + 1, corner + Positions, corner + Positions + 1 }.MaxBy(at => activity[at]);
        }

        double[] errors = Errors(linear, [.. winners.Select(at => activity[at])]);
        double[] atPool = Back(linear, errors), atMap = new double[activity.Length];
        for (int p = 0; p < winners.Length; p++)
        {
            atMap[winners[p]] += atPool[p];
        }

        Compare(Filtered(AtInput(atMap, activity)), linear, x => x.Sigmoid().MaxPool2d(2, stride: 1));
    }

    /// <summary>c) A dense unit sees each pixel through a weight of its own, so that the sum over positions is gone.</summary>
    [Test]
    public void A_dense_layer_has_no_sum_over_positions()
    {
        const int Pixels = Channels * Side * Side;
        Input image = Tensors.Input("image", 1, Pixels);
        TensorData first = Tensors.Uniform("first", [Maps, Pixels], -0.2f, 0.2f), second = Tensors.Uniform("second", [Outputs, Maps]);
        Value y = image.Dense(Maps, name: "first").Sigmoid().Dense(Outputs, bias: false, name: "second");
        float[] actual = GradientOf("first/weight", y, [("image", _image), ("first/weight", first), ("first/bias", _bias), ("second/weight", second)]);

        ReadOnlySpan<float> i = _image.Span<float>(), w = first.Span<float>(), b = _bias.Span<float>();
        var activity = new double[Maps];
        for (int k = 0; k < Maps; k++)
        {
            double a = b[k];
            for (int p = 0; p < Pixels; p++)
            {
                a += (double)i[p] * w[(k * Pixels) + p];
            }

            activity[k] = 1 / (1 + Math.Exp(-a));
        }

        double[] atUnit = AtInput(Back(second, Errors(second, activity)), activity);
        float[] pixels = _image.Floats();
        Assert.That(Tensors.Error(actual, [.. atUnit.SelectMany(e => pixels.Select(p => (float)(e * p)))]), Is.LessThan(1e-6));
    }

    private void Compare(float[] expected, TensorData linear, Func<Value, Value> between)
    {
        Input image = Tensors.Input("image", 1, Channels, Side, Side);
        Value y = between(image.Conv2d(Maps, Kernel, name: "conv")).Flatten().Dense(Outputs, bias: false, name: "linear");
        float[] actual = GradientOf("conv/weight", y, [("image", _image), ("conv/weight", _filters), ("conv/bias", _bias), ("linear/weight", linear)]);
        // The exercise asks for w at tap (1,1) of channel 3 in filter 5; the rest is checked as well.
        int asked = ((4 * Channels) + 2) * Kernel * Kernel;
        Assert.Multiple(() =>
        {
            Assert.That(actual[asked], Is.EqualTo(expected[asked]).Within(1e-5f * MathF.Abs(expected[asked])));
            Assert.That(Tensors.Error(actual, expected), Is.LessThan(1e-6));
        });
    }

    private float[] GradientOf(string weight, Value y, IEnumerable<(string Name, TensorData Data)> numbers)
    {
        Input target = Tensors.Input("target", 1, Outputs);
        Value difference = target - y, loss = 0.5 * (difference * difference).Sum([0, 1]);
        Dictionary<string, Value> leaves = Traversal.Leaves([loss]).Where(v => v is not Constant).ToDictionary(v => v.Name);
        TensorData Shaped(string name, TensorData data) => TensorData.Of(data.Span<float>(), leaves[name].Shape.Sizes());
        return GraphRunner.Evaluate(
            Gradient.Of(loss, leaves[weight]),
            GraphRunner.Feeds(numbers.Append(("target", _target)).Select(n => (leaves[n.Item1], Shaped(n.Item1, n.Item2)))))[0].Floats();
    }

    /// <summary>σ(a) for every map and position, a[ijk] = bk + Σ I[i+x, j+y, c] w[xyck].</summary>
    private double[] Activity()
    {
        var activity = new double[Maps * Positions * Positions];
        float[] bias = _bias.Floats(), filters = _filters.Floats();
        ForEachTap((position, tap, pixel) => activity[position] += filters[tap] * pixel);
        return [.. activity.Select((a, p) => 1 / (1 + Math.Exp(-(a + bias[p / (Positions * Positions)]))))];
    }

    /// <summary>−(t − ŷ) for every output.</summary>
    private double[] Errors(TensorData linear, double[] activity)
    {
        float[] w = linear.Floats(), t = _target.Floats();
        return [.. Enumerable.Range(0, Outputs).Select(o => activity.Select((x, p) => x * w[(o * activity.Length) + p]).Sum() - t[o])];
    }

    private static double[] Back(TensorData linear, double[] errors)
    {
        float[] w = linear.Floats();
        int units = w.Length / Outputs;
        return [.. Enumerable.Range(0, units).Select(p => errors.Select((e, o) => e * w[(o * units) + p]).Sum())];
    }

    /// <summary>σ'(a) = σ(a) (1 − σ(a)) times what comes from above.</summary>
    private static double[] AtInput(double[] above, double[] activity) => [.. above.Zip(activity, (e, x) => e * x * (1 - x))];

    /// <summary>Σij of the error at a position times the pixel that it saw under each tap.</summary>
    private float[] Filtered(double[] errors)
    {
        var gradient = new double[Maps * Channels * Kernel * Kernel];
        ForEachTap((position, tap, pixel) => gradient[tap] += errors[position] * pixel);
        return [.. gradient.Select(g => (float)g)];
    }

    private void ForEachTap(Action<int, int, double> visit)
    {
        float[] image = _image.Floats();
        for (int k = 0; k < Maps; k++)
        {
            for (int position = 0; position < Positions * Positions; position++)
            {
                for (int tap = 0; tap < Channels * Kernel * Kernel; tap++)
                {
                    (int c, int x, int y) = (tap / (Kernel * Kernel), tap / Kernel % Kernel, tap % Kernel);
                    int row = (position / Positions) + x, column = (position % Positions) + y;
                    visit((k * Positions * Positions) + position, (k * Channels * Kernel * Kernel) + tap, image[(((c * Side) + row) * Side) + column]);
                }
            }
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>
/// The cases once more in double precision, with central differences of a small step, where ONNX Runtime has kernels for it. The others
/// have float kernels only (Relu's steep mask, Resize, Gelu's Erf…) and are left to <see cref="OperatorGradientTests"/>.
/// </summary>
public class GradientsInDoubleTests
{
    private const double Step = 1.0 / (1 << 16);

    [Test]
    public void Gradients_equal_central_differences()
    {
        var ran = new List<string>();
        Assert.Multiple(() =>
        {
            foreach (GradientCase c in GradientCases.All)
            {
                if (Error(c) is { } error)
                {
                    ran.Add(c.Name);
                    Assert.That(error, Is.LessThan(1e-8), c.Name);
                }
                else
                {
                    TestContext.Out.WriteLine($"no kernels in double: {c.Name}");
                }
            }
        });
        TestContext.Out.WriteLine($"{ran.Count} of {GradientCases.All.Count} cases ran in double");
        Assert.That(ran, Has.Count.GreaterThan(GradientCases.All.Count / 3));
    }

    /// <summary>The largest relative error of a case, or null where a kernel is missing.</summary>
    private static double? Error(GradientCase c)
    {
        var leaves = new Dictionary<Value, Value>(ReferenceEqualityComparer.Instance);
        var rewriter = new Rewriter((_, _) => null);
        foreach (Value leaf in Traversal.Leaves([c.Output]).Where(v => v.Type.Element == ElementType.Float))
        {
            var type = new TensorType(ElementType.Double, leaf.Shape);
            leaves[leaf] = leaf is Constant constant ? Constants.Of(InDouble(constant.Data)) : new Input(leaf.Label, type);
            rewriter.Replace(leaf, leaves[leaf]);
        }

        Value output = rewriter.Rewrite(c.Output);
        var weights = new Input(Label.Fixed("r"), output.Type);
        Value loss = (output * weights).Sum();
        Value[] moved = [.. c.Leaves.Select(l => leaves[l])];
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(
            [.. c.Feeds.Select(f => (leaves[f.Key], InDouble(f.Value))), (weights, InDouble(Tensors.Uniform("r", output.Shape.Sizes())))]);
        try
        {
            using var function = new GraphRunner([loss]);
            using var gradients = new GraphRunner(Gradient.Of(loss, moved));
            IReadOnlyList<TensorData> actual = gradients.Run(feeds);
            return moved.Select((leaf, i) => Error(actual[i].Span<double>(), Differences(function, leaf, feeds))).Max();
        }
        catch (CnnGraphException e) when (e.Message.Contains("NotImplemented", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static double[] Differences(GraphRunner function, Value leaf, Dictionary<Value, TensorData> feeds)
    {
        TensorData original = feeds[leaf];
        var differences = new double[original.Count];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = (At(i, Step) - At(i, -Step)) / (2 * Step);
        }

        feeds[leaf] = original;
        return differences;

        double At(int i, double step)
        {
            double[] numbers = original.Span<double>().ToArray();
            numbers[i] += step;
            feeds[leaf] = TensorData.Of<double>(numbers, original.Dims);
            return function.Run(feeds)[0].Span<double>()[0];
        }
    }

    private static double Error(ReadOnlySpan<double> actual, double[] expected)
    {
        double difference = 0, scale = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = Math.Abs(actual[i] - expected[i]);
            difference = double.IsNaN(d) ? double.PositiveInfinity : Math.Max(difference, d);
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return actual.Length != expected.Length ? double.PositiveInfinity : difference / Math.Max(scale, 1);
    }

    private static TensorData InDouble(TensorData data) =>
        TensorData.Of<double>([.. data.Floats().Select(x => (double)x)], data.Dims);
}

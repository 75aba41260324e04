using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>
/// Convolution, max and average pooling of signals, pictures and volumes with settings drawn at random: outputs and gradients are those of
/// plain loops. Always the same cases are drawn, and what fails is named alone.
/// </summary>
public class WindowPropertyTests
{
    private const int Models = 20, CasesInModel = 25;

    [Test]
    public void Five_hundred_windows_give_what_plain_loops_give()
    {
        var seen = new HashSet<string>();
        // All cases of a list are one model, because a session takes much longer to create than to run.
        Arbitrary<WindowCase[]> lists = Arb.From(Gen.ArrayOf(Case, CasesInModel), OneByOne);
        Property property = Prop.ForAll(lists, cases =>
        {
            seen.UnionWith(cases.Select(c => $"{c}"));
            string[] mismatches = [.. Mismatches(cases)];
            return (mismatches.Length == 0).Label(string.Join("; ", mismatches));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Models).WithReplay(2024, 11).WithQuietOnSuccess(true), property);
        Assert.That(seen, Has.Count.EqualTo(Models * CasesInModel));
    }

    /// <summary>What is tried when a list fails.</summary>
    private static IEnumerable<WindowCase[]> OneByOne(WindowCase[] cases) => cases.Length > 1 ? cases.Select(one => new[] { one }) : [];

    /// <summary>
    /// Numbers along an axis: the window fits. Pooling wants padding to be less than the kernel, also rounded up, and a pixel under each
    /// window.
    /// </summary>
    private static Gen<int[]> Axis(bool isPool, bool isAverage, bool ceil) =>
        from kernel in Gen.Choose(1, 3)
        from dilation in Gen.Choose(1, isAverage ? 1 : 2)
        from stride in Gen.Choose(1, 3)
        from before in Gen.Choose(0, isPool ? kernel - 1 : kernel)
        from behind in Gen.Choose(0, isPool ? kernel - 1 : kernel)
        from slack in Gen.Choose(0, 4)
        let extent = ((kernel - 1) * dilation) + 1
        let size = Math.Max(1, extent - before - behind + slack)
        let last = (size + before + behind - extent + stride - 1) / stride * stride
        where !isPool || !ceil || last >= size + before || last + extent - before - size < kernel
        let starts = Enumerable.Range(0, (last / stride) + 1).Select(p => p * stride).Where(start => start < size + before)
        let taps = Enumerable.Range(0, kernel).Select(tap => (tap * dilation) - before)
        where !isPool || starts.All(start => taps.Any(tap => start + tap >= 0 && start + tap < size))
        select new[] { size, kernel, stride, dilation, before, behind };

    private static Gen<WindowCase> Case =>
        from layer in Gen.Elements(WindowLayer.Conv, WindowLayer.Conv, WindowLayer.MaxPool, WindowLayer.AveragePool)
        let isPool = layer != WindowLayer.Conv
        from ceil in Gen.Elements(false, isPool)
        from rank in Gen.Choose(1, 3)
        from axes in Gen.ArrayOf(Axis(isPool, layer == WindowLayer.AveragePool, ceil), rank)
        from batch in Gen.Choose(1, 3)
        from groups in Gen.Elements(1, 1, 2, 3)
        from channels in Gen.Choose(1, 2)
        from kernels in Gen.Choose(1, 3)
        from bias in Gen.Elements(false, true)
        from countPadding in Gen.Elements(false, true)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        let n = Enumerable.Range(0, 6).Select(which => axes.Select(axis => axis[which]).ToArray()).ToArray()
        select new WindowCase(
            layer, batch, channels * groups, n[0], n[1], n[2], n[3], n[4], n[5], groups, kernels, bias, ceil, countPadding, seed);

    private static IEnumerable<string> Mismatches(WindowCase[] cases)
    {
        var values = new List<Value>();
        var expected = new List<(WindowCase Case, string What, long[] Dims, double[] Numbers)>();
        var feeds = new List<(Value, TensorData)>();
        foreach ((int i, WindowCase c) in cases.Index())
        {
            var reference = new WindowReference(c);
            Input x = Tensors.Input($"x{i}", [c.Batch, c.Channels, .. c.Size]);
            Value y = Layer(c, x);
            Assert.That(y.Producer!.Faults, Is.Empty, $"{c}");
            Value[] leaves = [x, .. Traversal.Leaves([y]).OfType<Parameter>()];
            if (!y.Shape.Sizes().SequenceEqual(reference.Dims))
            {
                yield return $"{c}: gives {y.Shape} instead of [{string.Join(", ", reference.Dims)}]";
                continue;
            }

            Input dy = Tensors.Input($"dy{i}", [.. reference.Dims.Select(d => (int)d)]);
            values.AddRange([y, .. Gradient.Of((y * dy).Sum(), leaves)]);
            expected.Add((c, "the output", reference.Dims, reference.Y));
            feeds.Add((dy, Tensors.Of(dy, reference.Dy)));
            (string, float[], double[])[] parts =
            [
                ("the input", reference.X, reference.Dx),
                ("the kernels", reference.W, reference.Dw),
                ("the biases", reference.B, reference.Db),
            ];
            foreach ((Value leaf, (string name, float[] numbers, double[] gradient)) in leaves.Zip(parts))
            {
                feeds.Add((leaf, Tensors.Of(leaf, numbers)));
                expected.Add((c, $"the gradient of {name}", leaf.Shape.Sizes(), gradient));
            }
        }

        foreach ((TensorData actual, var (c, what, dims, numbers)) in GraphRunner.Evaluate(values, GraphRunner.Feeds(feeds)).Zip(expected))
        {
            double error = Tensors.Error(actual.Floats(), [.. numbers.Select(n => (float)n)]);
            if (error > 1e-5 || !actual.Dims.SequenceEqual(dims))
            {
                yield return $"{c}: {what} is off by {error:g2} of its largest number";
            }
        }
    }

    private static Value Layer(WindowCase c, Value x)
    {
        int channels = c.Groups * c.KernelsPerGroup;
        var padding = Padding.PerAxis(c.Before.Zip(c.Behind));
        (int[] k, int[] s, int[] d, int g) = (c.Kernel, c.Stride, c.Dilation, c.Groups);
        return (c.Layer, c.Size.Length) switch
        {
            (WindowLayer.Conv, 1) => x.Conv1d(channels, k[0], s[0], padding, d[0], g, c.Bias),
            (WindowLayer.Conv, 2) => x.Conv2d(channels, (k[0], k[1]), (s[0], s[1]), padding, (d[0], d[1]), g, c.Bias),
            (WindowLayer.Conv, _) => x.Conv3d(channels, (k[0], k[1], k[2]), (s[0], s[1], s[2]), padding, (d[0], d[1], d[2]), g, c.Bias),
            (WindowLayer.MaxPool, 1) => x.MaxPool1d(k[0], s[0], padding, d[0], c.Ceil),
            (WindowLayer.MaxPool, 2) => x.MaxPool2d((k[0], k[1]), (s[0], s[1]), padding, (d[0], d[1]), c.Ceil),
            (WindowLayer.MaxPool, _) => x.MaxPool3d((k[0], k[1], k[2]), (s[0], s[1], s[2]), padding, (d[0], d[1], d[2]), c.Ceil),
            (_, 1) => x.AveragePool1d(k[0], s[0], padding, c.CountPadding, c.Ceil),
            (_, 2) => x.AveragePool2d((k[0], k[1]), (s[0], s[1]), padding, c.CountPadding, c.Ceil),
            _ => x.AveragePool3d((k[0], k[1], k[2]), (s[0], s[1], s[2]), padding, c.CountPadding, c.Ceil),
        };
    }
}

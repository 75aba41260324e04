using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>Gradients of graphs whose batch is not bound: the same graph serves batches of any size.</summary>
[Parallelizable(ParallelScope.All)]
public class SymbolicBatchTests
{
    private static IEnumerable<TestCaseData> All =>
    [
        Case("conv", [2, 5, 5], x => x.Conv2d(3, kernel: 3, stride: 2, padding: 1)),
        Case("conv: groups", [4, 5, 5], x => x.Conv2d(4, kernel: 3, groups: 2)),
        Case("max pool", [2, 5, 5], x => x.MaxPool2d(3, stride: 2, padding: 1), Curve.Piecewise),
        Case("average pool", [2, 5, 5], x => x.AveragePool2d(3, stride: 2, padding: 1)),
        Case("average pool: rounded up", [2, 6, 6], x => x.AveragePool2d(3, stride: 2, padding: 1, countPadding: true, ceil: true)),
        Case("average pool 1-D", [2, 7], x => x.AveragePool1d(3, stride: 2, ceil: true)),
        Case("max pool 3-D", [1, 3, 4, 4], x => x.MaxPool3d(2, stride: 1), Curve.Piecewise),
        Case("max pool: whole picture", [2, 3, 3], x => x.MaxPool2d(3), Curve.Piecewise),
        Case("adaptive average pool", [2, 7, 5], x => x.AdaptiveAveragePool2d((4, 2))),
        Case("global average pool", [2, 3, 4], x => x.GlobalAveragePool()),
        Case("global max pool", [2, 3, 4], x => x.GlobalMaxPool(), Curve.Piecewise),
        Case("L2 pool", [2, 4, 4], x => (3 + x).L2Pool2d(2), Curve.Smooth),
        Case("median pool", [2, 4, 4], x => x.MedianPool2d(3, stride: 1), Curve.Piecewise),
        Case("distance-weighted pool", [2, 5, 5], x => x.DistanceWeightedPool2d(3, stride: 2, padding: 1)),
        Case("stochastic pool in use", [2, 4, 4], x => (3 + x).StochasticPool2d(2), Curve.Smooth),
        Case("trainable subsampling", [2, 4, 4], x => x.TrainableSubsampling2d(2)),
        Case("unfold and fold", [2, 4, 5], x => x.Unfold2d(3, padding: 1).Fold2d((4, 5), 3, padding: 1)),
        Case("locally connected", [2, 4, 5], x => x.LocallyConnected2d(3, kernel: 3, stride: 2, padding: 1)),
        Case("dropout: original form", [3], x => x.Dropout(0.5, DropoutForm.Original)),
        Case("dense", [6], x => x.Dense(4)),
        Case("rbf output", [6], x => x.RbfOutput(4)),
        Case("flatten", [2, 3, 2], x => x.Flatten().Dense(2)),
        Case("reshape", [12], x => x.Reshape([3, 4])),
        Case("concat", [2, 3, 3], x => x.Conv2d(2, kernel: 1).Concat(x.Conv2d(3, kernel: 1))),
        Case("prelu", [3, 2, 2], x => x.PRelu(), Curve.Piecewise),
        Case("lrn", [5, 2, 2], x => x.LocalResponseNorm(size: 4, alpha: 3), Curve.Smooth),
        Case("layer norm", [3, 4], x => x.LayerNorm(axes: 1), Curve.Smooth),
        Case("instance norm", [3, 2, 2], x => x.InstanceNorm(), Curve.Smooth),
        Case("group norm", [4, 2, 2], x => x.GroupNorm(groups: 2), Curve.Smooth),
        Case("conv transpose", [2, 3, 3], x => x.ConvTranspose2d(3, kernel: 3, stride: 2, padding: 1, outputPadding: 1)),
        Case("depthwise", [2, 4, 4], x => x.DepthwiseConv2d(3, multiplier: 2)),
        Case("separable", [2, 4, 4], x => x.SeparableConv2d(3, kernel: 3)),
        Case("factorized", [2, 4, 4], x => x.FactorizedConv2d(3, kernel: 3)),
        Case("true conv", [2, 4, 4], x => x.TrueConv2d(3, kernel: 3)),
        Case("dense as conv", [2, 3, 3], x => x.DenseAsConv2d(3)),
        Case("partial conv", [2, 4, 4], x => x.PartialConv2d([[0], [0, 1]], kernel: 3)),
        Case("slice: steps", [5, 3], x => x.Slice(1, 1, step: 2)),
        Case("split", [5], x => x.Split(1, [2, 3]) is var parts ? parts[1].Concat(parts[0]) : x),
        Case("crop", [2, 5, 5], x => x.Crop2d(1, 0, 2, 1)),
        Case("pad: zeros", [2, 3, 3], x => x.Pad2d(1)),
        Case("pad: reflected", [2, 3, 3], x => x.Pad2d(2, PadMode.Reflect)),
        Case("average pool behind a border", [2, 3, 3], x => x.Pad2d(1).AveragePool2d(1, stride: 2)),
        Case("pad: edge", [2, 3, 3], x => x.Pad2d(2, PadMode.Edge)),
        Case("flip", [2, 3, 3], x => x.Flip([1, 3])),
        Case("transpose", [2, 3], x => x.Transpose([2, 0, 1])),
        Case("channels last and first", [2, 3, 4], x => x.ToChannelsLast().ToChannelsFirst()),
        Case("upsample: nearest", [2, 2, 3], x => x.Upsample2d(2)),
        Case("upsample: bilinear", [2, 2, 3], x => x.Upsample2d(2, ResizeMode.Bilinear)),
        Case("resize: nearest", [2, 2, 3], x => x.Resize2d((3, 5), ResizeMode.Nearest)),
        Case("resize: corners aligned", [2, 2, 3], x => x.Resize2d((3, 5), alignCorners: true)),
        Case("gram", [2, 2, 3], x => x.GramMatrix(GramNormalization.Positions)),
        Case("average", [4], x => x.Average(2 * x)),
        Case("shortcut A", [2, 3, 3], x => x.Shortcut(ShortcutKind.A, channels: 4, stride: 2)),
        Case("shortcut B", [2, 3, 3], x => x.Shortcut(ShortcutKind.B, channels: 4, stride: 2)),
        Case("softmax", [5], x => x.Softmax(), Curve.Smooth),
        Case("log softmax", [5], x => x.LogSoftmax(), Curve.Smooth),
        Case("slice", [5], x => x.SliceBy(1, 1, 4)),
        Case("bias on pictures", [2, 3, 3], x => x + new Input(Label.Fixed("bias"), TensorType.Float(2, 1, 1))),
        Case("sum over the batch", [3], x => GradientCase.Node(new ReduceSum([0], false), x)),
        Case("mean over the batch", [3], x => GradientCase.Node(new ReduceMean([0], false), x)),
        Case("mean over batch and picture", [2, 3, 3], x => GradientCase.Node(new ReduceMean([0, 2, 3], false), x)),
        Case("mean over the picture", [2, 3, 3], x => GradientCase.Node(new ReduceMean([2, 3], true), x)),
    ];

    [TestCaseSource(nameof(All))]
    public void Gradients_equal_differences_for_batches_of_1_and_3(int[] sample, Func<Value, Value> build, Curve curve)
    {
        ArgumentNullException.ThrowIfNull(build);
        Input x = Tensors.BatchInput("x", sample);
        Value output = build(x);
        Assert.That(output.Type.IsUnknown, Is.False, () => string.Join("; ", output.Producer!.Faults));
        Value[] leaves = [.. Traversal.Leaves([output]).Where(v => v is not Constant)];
        foreach (long batch in new long[] { 1, 3 })
        {
            Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(leaves.Select(leaf => (leaf, Numbers(leaf, batch))));
            var check = new GradientCheck(output, feeds, output.Shape.Bind(Network.BatchSymbol, batch).Sizes());
            IReadOnlyList<float[]> expected = check.Numeric(curve switch { Curve.Piecewise => 1.0 / 64, Curve.Smooth => 1.0 / 32, _ => 1 }, leaves);
            IReadOnlyList<TensorData> actual = check.Automatic(leaves);
            for (int i = 0; i < leaves.Length; i++)
            {
                Assert.That(Tensors.Error(actual[i].Floats(), expected[i]), Is.LessThan(curve == Curve.Smooth ? 5e-5 : 2e-6), $"{leaves[i].Name}, batch {batch}");
            }
        }

        TensorData Numbers(Value leaf, long batch)
        {
            long[] dims = leaf.Shape.Bind(Network.BatchSymbol, batch).Sizes();
            return curve == Curve.Piecewise ? Tensors.Apart(leaf.Name, dims) : Tensors.Uniform(leaf.Name, dims);
        }
    }

    private static TestCaseData Case(string name, int[] sample, Func<Value, Value> build, Curve curve = Curve.Polynomial) =>
        new TestCaseData(sample, build, curve).SetArgDisplayNames(name);
}

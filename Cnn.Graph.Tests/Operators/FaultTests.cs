using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>What does not fit is told when the network is built, with the layer's name, what it got and what it needs.</summary>
public class FaultTests
{
    private static IEnumerable<TestCaseData> Layers =>
    [
        // Windows
        Fault("kernel larger than the picture", [1, 4, 4], x => x.Conv2d(2, kernel: 5),
            "conv1: the window spans 5x5 pixels, but the padded input is only 4x4 (input [N, 1, 4, 4]). Use a smaller kernel or more padding."),
        Fault("kernel larger than the padded picture", [1, 4, 9], x => x.Conv2d(2, kernel: 7, padding: 1),
            "conv1: the window spans 7x7 pixels, but the padded input is only 6x11 (input [N, 1, 4, 9]). Use a smaller kernel or more padding."),
        Fault("dilated kernel larger than the picture", [1, 4, 4], x => x.Conv2d(2, kernel: 3, dilation: 2),
            "conv1: the window spans 5x5 pixels, but the padded input is only 4x4 (input [N, 1, 4, 4]). Use a smaller kernel or more padding."),
        Fault("pooling window larger than the picture", [1, 4, 4], x => x.MaxPool2d(5, name: "shrink"),
            "shrink: the window spans 5x5 pixels, but the padded input is only 4x4 (input [N, 1, 4, 4]). Use a smaller kernel or more padding."),
        Fault("no kernel", [1, 4, 4], x => x.Conv2d(2, kernel: 0), "conv1: `kernel` (=0x0) must be at least 1."),
        Fault("negative kernel", [1, 4, 4], x => x.AveragePool2d((2, -1), stride: 1), "average_pool1: `kernel` (=2x-1) must be at least 1."),
        Fault("stride of zero", [1, 4, 4], x => x.Conv2d(2, kernel: 3, stride: 0), "conv1: `stride` (=0x0) must be at least 1."),
        Fault("stride of zero along one axis", [1, 4, 4], x => x.MaxPool2d(2, stride: (1, 0)), "max_pool1: `stride` (=1x0) must be at least 1."),
        Fault("stride of zero with same padding", [1, 4, 4], x => x.Conv2d(2, kernel: 3, stride: 0, padding: Padding.Same), "conv1: `stride` (=0x0) must be at least 1."),
        Fault("dilation of zero", [1, 4, 4], x => x.Conv2d(2, kernel: 3, dilation: 0), "conv1: `dilation` (=0x0) must be at least 1."),
        Fault("negative padding", [1, 4, 4], x => x.Conv2d(2, kernel: 3, padding: Padding.Of(-1, 0, 0, 0)), "conv1: `padding` (=-1x0) must be at least 0."),
        Fault("pooling over nothing but padding", [1, 4, 4], x => x.MaxPool2d(2, padding: 2),
            "max_pool1: `padding` (=2) must be smaller than the kernel (=2), or a window could see no pixel at all."),
        Fault("same padding of a wide dilation", [1, 7, 7], x => x.MaxPool2d(3, stride: 1, dilation: 3, padding: Padding.Same),
            "max_pool1: `padding` (=3) must be smaller than the kernel (=3), or a window could see no pixel at all."),

        Fault("a padded window of zeros to count", [1, 4, 4], x => x.AveragePool2d(2, padding: 2, countPadding: true, ceil: true),
            "average_pool1: `padding` (=2) must be smaller than the kernel (=2), or a window could see no pixel at all."),
        Fault("pixels in the holes of a window", [1, 2, 5], x => x.MaxPool2d(2, stride: 1, dilation: (3, 1), padding: (1, 0)),
            "max_pool1: with `dilation` (=3x1) and that much padding a window sees no pixel of the input [N, 1, 2, 5]. Use less padding."),
        Fault("rounding up too small a picture", [1, 4], x => x.MaxPool1d(9, stride: 2, ceil: true),
            "max_pool1: the window spans 9 pixels, but the padded input is only 4 (input [N, 1, 4]). Use a smaller kernel or more padding."),
        Fault("signals as pictures", [1, 4], x => x.AveragePool2d(2, ceil: true, countPadding: true),
            "average_pool1: pooling takes [N, channels, height, width], but the input is [N, 1, 4]."),
        Fault("volumes as signals", [1, 4, 4, 4], x => x.MaxPool1d(2, ceil: true),
            "max_pool1: pooling takes [N, channels, width], but the input is [N, 1, 4, 4, 4]."),
        Fault("padding of three axes for two", [1, 4, 4], x => x.MaxPool2d(2, padding: Padding.PerAxis((1, 1), (0, 0), (1, 1)), ceil: true),
            "max_pool1: `padding` names 3 axes, but the window has 2. Give one pair for each axis, or one number for all."),
        Fault("global pooling of vectors", [8], x => x.GlobalMaxPool(),
            "global_max_pool1: global pooling takes [N, channels, height, width], or other spatial axes, but the input is [N, 8]."),
        Fault("adaptive pooling of signals", [1, 4], x => x.AdaptiveAveragePool2d(2),
            "adaptive_average_pool1: adaptive pooling takes [N, channels, height, width] of a known size, but the input is [N, 1, 4]."),
        Fault("adaptive pooling to nothing", [1, 4, 4], x => x.AdaptiveAveragePool2d((2, 0)),
            "adaptive_average_pool1: `size` (=2x0) must be at least 1x1."),
        Fault("median of a window larger than the picture", [1, 4, 4], x => x.MedianPool2d(6),
            "median_pool1: the window spans 6x6 pixels, but the padded input is only 4x4 (input [N, 1, 4, 4]). Use a smaller kernel or more padding."),
        Fault("weights that vanish", [1, 4, 4], x => x.DistanceWeightedPool2d(3, sigma: 0.25),
            "distance_weighted_pool1: `sigma` (=0.25) must be at least a tenth of the kernel (=3x3), or weights would vanish."),
        Fault("subsampling of vectors", [8], x => x.TrainableSubsampling2d(2),
            "subsampling1: pooling takes [N, channels, height, width], but the input is [N, 8]."),
        Fault("unfolding of vectors", [8], x => x.Unfold2d(2),
            "unfold1: unfolding takes [N, channels, height, width], but the input is [N, 8]."),
        Fault("unfolding with a window larger than the picture", [1, 2, 2], x => x.Unfold2d(3),
            "unfold1: the window spans 3x3 pixels, but the padded input is only 2x2 (input [N, 1, 2, 2]). Use a smaller kernel or more padding."),
        Fault("folding of pictures", [4, 2, 2], x => x.Fold2d(4, 2),
            "fold1: folding takes [N, channels · 4, positions], but the input is [N, 4, 2, 2]."),
        Fault("folding of part of a window", [6, 4], x => x.Fold2d(3, 2),
            "fold1: folding takes [N, channels · 4, positions], but the input is [N, 6, 4]."),
        Fault("folding too few columns", [4, 5], x => x.Fold2d((3, 4), 2),
            "fold1: the window has 2x3 positions on 3x4 pixels, but the input [N, 4, 5] has 5."),
        Fault("folding onto too small a picture", [9, 1], x => x.Fold2d(2, 3),
            "fold1: the window has 0x0 positions on 2x2 pixels, but the input [N, 9, 1] has 1."),
        Fault("folding without a stride", [4, 4], x => x.Fold2d(3, 2, stride: 0), "fold1: `stride` (=0x0) must be at least 1."),
        Fault("locally connected vectors", [8], x => x.LocallyConnected2d(2, kernel: 1),
            "local1: a locally connected layer takes [N, channels, height, width], but the input is [N, 8]. Reshape it first."),
        Fault("locally connected without channels", [1, 4, 4], x => x.LocallyConnected2d(0, kernel: 1),
            "local1: `channels` (=0) must be at least 1."),
        Fault("locally connected with too large a kernel", [1, 4, 4], x => x.LocallyConnected2d(2, kernel: 5, bias: false),
            "local1: the window spans 5x5 pixels, but the padded input is only 4x4 (input [N, 1, 4, 4]). Use a smaller kernel or more padding."),

        // Channels
        Fault("channels that groups do not divide", [4, 4, 4], x => x.Conv2d(6, kernel: 1, groups: 3),
            "conv1: the input's channels (=4) and `channels` (=6) must both be divisible by `groups` (=3)."),
        Fault("kernels that groups do not divide", [4, 4, 4], x => x.Conv2d(6, kernel: 1, groups: 4),
            "conv1: the input's channels (=4) and `channels` (=6) must both be divisible by `groups` (=4)."),
        Fault("more groups than channels", [2, 4, 4], x => x.Conv2d(4, kernel: 1, groups: 4),
            "conv1: the input's channels (=2) and `channels` (=4) must both be divisible by `groups` (=4)."),
        Fault("no groups", [4, 4, 4], x => x.Conv2d(4, kernel: 1, groups: 0), "conv1: `groups` (=0) must be at least 1."),
        Fault("no kernels", [4, 4, 4], x => x.Conv2d(0, kernel: 1), "conv1: `channels` (=0) must be at least 1."),
        Fault("no units", [4], x => x.Dense(-2), "dense1: `units` (=-2) must be at least 1."),
        Fault("no prototypes", [4], x => x.RbfOutput(0), "rbf_output1: `units` (=0) must be at least 1."),

        // Ranks
        Fault("convolution of vectors", [8], x => x.Conv2d(2, kernel: 1),
            "conv1: a convolution takes [N, channels, height, width], but the input is [N, 8]. Reshape it first."),
        Fault("pooling of vectors", [8], x => x.MaxPool2d(2), "max_pool1: pooling takes [N, channels, height, width], but the input is [N, 8]."),
        Fault("dense layer on pictures", [3, 4, 4], x => x.Dense(10),
            "dense1: a dense layer takes [N, features], but the input is [N, 3, 4, 4]. Call Flatten() first."),
        Fault("rbf output on pictures", [3, 4, 4], x => x.RbfOutput(10),
            "rbf_output1: an RBF layer takes [N, features], but the input is [N, 3, 4, 4]. Call Flatten() first."),

        // Normalisations
        Fault("batch norm without channels", [], x => x.BatchNorm(), "batch_norm1: batch normalisation takes [N, channels, …], but the input is [N]."),
        Fault("batch norm without epsilon", [3, 4, 4], x => x.BatchNorm(epsilon: 0),
            "batch_norm1: `epsilon` (=0) must be a finite number above 0: it keeps the quotient finite."),
        Fault("no window of channels", [4, 4, 4], x => x.LocalResponseNorm(size: 0), "lrn1: `size` (=0) must be at least 1."),
        Fault("response of features", [8], x => x.LocalResponseNorm(),
            "lrn1: local response normalisation takes [N, channels, height, width], but the input is [N, 8]."),
        Fault("a negative response", [4, 4, 4], x => x.LocalResponseNorm(alpha: -1, dividedAlpha: false), "lrn1: `alpha` (=-1) must be a finite number above 0."),
        Fault("groups that do not divide the channels", [6, 4, 4], x => x.GroupNorm(groups: 4),
            "group_norm1: the input's channels (=6) must be divisible by `groups` (=4)."),
        Fault("no groups of channels", [6, 4, 4], x => x.GroupNorm(groups: 0), "group_norm1: `groups` (=0) must be at least 1."),
        Fault("groups of nothing but the batch", [], x => x.GroupNorm(groups: 1), "group_norm1: group normalisation takes [N, channels, …], but the input is [N]."),
        Fault("groups of one element", [6], x => x.GroupNorm(groups: 6),
            "group_norm1: each group of the input [N, 6] would hold one element, which is its own mean: nothing would be left of it."),
        Fault("no epsilon", [6, 4, 4], x => x.InstanceNorm(epsilon: 0), "instance_norm1: `epsilon` (=0) must be a finite number above 0."),
        Fault("instances of features", [6], x => x.InstanceNorm(),
            "instance_norm1: instance normalisation takes [N, channels, …] with at least one more axis, but the input is [N, 6]."),
        Fault("layer of nothing but the batch", [], x => x.LayerNorm(), "layer_norm1: layer normalisation takes [N, …] with at least one more axis, but the input is [N]."),
        Fault("layer over the batch", [3, 4], x => x.LayerNorm(axes: 3), "layer_norm1: `axes` (=3) must lie between 1 and 2 for the input [N, 3, 4]: it does not reach over the batch."),
        Fault("layer over no axis", [3, 4], x => x.LayerNorm(axes: 0, affine: false),
            "layer_norm1: `axes` (=0) must lie between 1 and 2 for the input [N, 3, 4]: it does not reach over the batch."),
        Fault("a negative epsilon", [3], x => x.LayerNorm(epsilon: -1e-5), "layer_norm1: `epsilon` (=-1E-05) must be a finite number above 0."),

        // Joins
        Fault("concat of different sizes", [3, 4, 4], x => x.Concat(x.MaxPool2d(2)),
            "concat1: [N, 3, 4, 4] and [N, 3, 2, 2] cannot be joined along axis 1: all other axes must be equal."),
        Fault("concat of different ranks", [3, 4, 4], x => x.Concat(x.Flatten()),
            "concat1: [N, 3, 4, 4] and [N, 48] cannot be joined along axis 1: all other axes must be equal."),
        Fault("concat along no axis", [3, 4, 4], x => x.Concat([x], axis: 4), "concat1: `axis` (=4) must lie between -4 and 3 for the input [N, 3, 4, 4]."),
        Fault("sum of different sizes", [3, 4, 4], x => x.Add(x.MaxPool2d(2)),
            "add1: [N, 3, 4, 4] and [N, 3, 2, 2] do not fit each other: every axis must be equal, or 1 in one of them."),
        Fault("reshape to another count", [12], x => x.Reshape([3, 5]), "reshape1: [N, 12] (12 elements a sample) cannot be reshaped to [N, 3, 5] (15)."),
        Fault("softmax along no axis", [10], x => x.Softmax(axis: 2), "softmax1: `axis` (=2) must lie between -2 and 1 for the input [N, 10]."),

        // Numbers
        Fault("dropout of everything", [10], x => x.Dropout(1), "dropout1: `rate` (=1) must lie in [0, 1): it is the probability of dropping an element."),
        Fault("dropout of a negative share", [10], x => x.Dropout(-0.5f), "dropout1: `rate` (=-0.5) must lie in [0, 1): it is the probability of dropping an element."),
        Fault("dropout of everything in the original form", [10], x => x.Dropout(1, DropoutForm.Original),
            "dropout1: `rate` (=1) must lie in [0, 1): it is the probability of dropping an element."),
        Fault("spatial dropout of vectors", [10], x => x.SpatialDropout(),
            "spatial_dropout1: spatial dropout takes [N, channels, height, width], or other spatial axes, but the input is [N, 10]. Use Dropout there."),
        Fault("a slope that is no number", [10], x => x.LeakyRelu(float.NaN), "leaky_relu1: `alpha` (=NaN) must be a finite number."),
        Fault("an endless limit", [10], x => x.Elu(double.PositiveInfinity), "elu1: `alpha` (=Infinity) must be a finite number."),
        Fault("a power that is no number", [10], x => x.Pow(double.NaN), "pow1: `exponent` (=NaN) must be a finite number."),
        Fault("no amplitude", [10], x => x.ScaledTanh(amplitude: 0), "scaled_tanh1: `amplitude` (=0) must be a finite number above 0."),
        Fault("a negative slope", [10], x => x.ScaledTanh(slope: -0.5), "scaled_tanh1: `slope` (=-0.5) must be a finite number above 0."),
    ];

    [TestCaseSource(nameof(Layers))]
    public void A_layer_that_does_not_fit_is_named(int[] sample, Func<Value, Value> build, string expected)
    {
        Value x = Network.Input("image", sample).Pipe(build);
        GraphException e = Assert.Throws<GraphException>(() => x.Build("net"))!;
        Assert.Multiple(() =>
        {
            Assert.That(e.Faults, Is.EqualTo(new[] { expected }));
            Assert.That(e.Message, Is.EqualTo($"'net' does not fit together: {expected}"));
        });
    }

    private static IEnumerable<TestCaseData> Internals =>
    [
        Node("matrix product", new MatMul(), [[2, 3], [4, 5]], "[2, 3] times [4, 5] is no matrix product: the last axis of the first must equal the last but one of the second."),
        Node("matrix product of vectors", new MatMul(), [[3], [3]], "[3] times [3] is no matrix product: the last axis of the first must equal the last but one of the second."),
        Node("batches of matrices", new MatMul(), [[2, 1, 3], [4, 3, 1]], "[2, 1, 3] times [4, 3, 1] is no matrix product: the axes before the last two do not fit each other."),
        Node("gemm", new Gemm(), [[2, 3], [4, 5]], "the input [2, 3] has 3 features, but the weights [4, 5] expect 4."),
        Node("prototypes of other features", new RadialBasis(), [[2, 3], [4, 5]], "the input [2, 3] has 3 features, but the prototypes are [4, 5]."),
        Node("kernels for other channels", new Conv(new Window([1, 1], [1, 1], [1, 1], [0, 0], [0, 0]), 1), [[1, 3, 4, 4], [2, 5, 1, 1]],
            "the input [1, 3, 4, 4] has 3 channels, but the kernels [2, 5, 1, 1] expect 5."),
        Node("transpose with an axis missing", new Transpose(0, 0), [[2, 3]], "`order` (=0,0) must name each axis of [2, 3] once."),
        Node("slice behind the end", new Slice([1], [2], [4]), [[2, 3]], "elements 2 to 4 do not lie on axis 1 of [2, 3]."),
        Node("empty slice", new Slice([1], [2], [2]), [[2, 3]], "elements 2 to 2 do not lie on axis 1 of [2, 3]."),
        Node("broadcast to a smaller shape", new BroadcastLike(), [[2, 3], [3]], "[2, 3] cannot be repeated to [3]."),
        Node("where", new Where(), [[2, 3], [3, 2], [1]], "[2, 3], [3, 2] and [1] do not fit each other."),
        Node("slopes of other channels", new PRelu(), [[2, 3, 4], [2, 1]], "slopes [2, 1] cannot be repeated to the input [2, 3, 4]."),
        Node("slopes of more axes", new PRelu(), [[3], [2, 3]], "slopes [2, 3] cannot be repeated to the input [3]."),
        Node("a scale for other channels", new InstanceNorm(1e-5f), [[2, 3, 4], [2], [3]],
            "the scale [2] and the shift [3] of the input [2, 3, 4] must both be [3]."),
        Node("sum along no axis", new ReduceSum([2], false), [[2, 3]], "`axis` (=2) must lie between -2 and 1 for the input [2, 3]."),
        Node("average with dilation", new AveragePool(new Window([2, 2], [1, 1], [2, 1], [0, 0], [0, 0]), false), [[1, 1, 4, 4]],
            "average pooling has no dilation in ONNX 17."),
    ];

    [TestCaseSource(nameof(Internals))]
    public void An_operator_that_does_not_fit_says_why(Operator op, int[][] shapes, string expected)
    {
        Value[] inputs = [.. shapes.Select((dims, i) => Tensors.Input($"x{i}", dims))];
        var node = new Node(op, Label.Fixed("node"), inputs);
        Assert.Multiple(() =>
        {
            Assert.That(node.Faults, Is.EqualTo(new[] { expected }));
            Assert.That(node.Output.Type.IsUnknown);
        });
    }

    [Test]
    public void Element_types_do_not_mix()
    {
        Value node = Tensors.Input("x", 3) + Constants.Vector(1, 2, 3);
        Assert.That(node.Producer!.Faults, Is.EqualTo(new[] { "Add takes tensors of one element type, but got Float[3] and Int64[3]." }));
    }

    private static TestCaseData Fault(string name, int[] sample, Func<Value, Value> build, string expected) =>
        new TestCaseData(sample, build, expected).SetArgDisplayNames(name);

    private static TestCaseData Node(string name, Operator op, int[][] shapes, string expected) =>
        new TestCaseData(op, shapes, expected).SetArgDisplayNames(name);
}

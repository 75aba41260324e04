using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Variants of the convolution and layers over pictures that do not fit, with what they say.</summary>
public class PictureFaultTests
{
    private static IEnumerable<TestCaseData> Layers =>
    [
        // Transposed convolutions
        Fault("output padding as large as the stride", [2, 3, 3], x => x.ConvTranspose2d(2, kernel: 3, stride: 2, outputPadding: 2),
            "conv_transpose1: `outputPadding` (=2x2) must be at least 0 and smaller than the stride (=2x2): only so many rows are " +
            "skipped."),
        Fault("negative output padding", [2, 3], x => x.ConvTranspose1d(2, kernel: 3, outputPadding: -1),
            "conv_transpose1: `outputPadding` (=-1) must be at least 0 and smaller than the stride (=1): only so many rows are skipped."),
        Fault("groups that do not divide the output", [4, 3, 3], x => x.ConvTranspose2d(3, kernel: 2, groups: 2),
            "conv_transpose1: `channels` (=3) must be divisible by `groups` (=2)."),
        Fault("groups that do not divide the input", [3, 3, 3], x => x.ConvTranspose2d(4, kernel: 2, groups: 2),
            "conv_transpose1: the input's channels (=3) and `channels` (=4) must both be divisible by `groups` (=2)."),
        Fault("padding that leaves nothing", [2, 1, 1], x => x.ConvTranspose2d(2, kernel: 3, padding: 2),
            "conv_transpose1: nothing is left of [N, 2, 1, 1]: the output would be [N, 2, -1, -1]. Use less `padding`, which a " +
            "transposed convolution takes away."),
        Fault("transposed convolution of vectors", [8], x => x.ConvTranspose2d(2, kernel: 1),
            "conv_transpose1: a transposed convolution takes [N, channels, height, width] of a known size, but the input is [N, 8]."),
        Fault("transposed convolution without stride", [2, 3, 3], x => x.ConvTranspose2d(2, kernel: 1, stride: 0),
            "conv_transpose1: `stride` (=0x0) must be at least 1."),
        Fault("transposed convolution without groups", [2, 3, 3], x => x.ConvTranspose2d(2, kernel: 1, groups: 0),
            "conv_transpose1: `groups` (=0) must be at least 1."),
        Fault("transposed convolution without kernels", [2, 3, 3], x => x.ConvTranspose2d(0, kernel: 1),
            "conv_transpose1: `channels` (=0) must be at least 1."),
        Fault("transposed convolution with kernels for other channels", [2, 3, 3], x => x.ConvTranspose2d(Weight(3, 2, 2, 2)),
            "conv_transpose1: the input [N, 2, 3, 3] has 2 channels, but the kernels [3, 2, 2, 2] expect 3."),

        // Separable, factorized and true convolutions
        Fault("no depthwise kernels", [2, 3, 3], x => x.DepthwiseConv2d(2, multiplier: 0),
            "depthwise_conv1: `multiplier` (=0) must be at least 1."),
        Fault("depthwise convolution of vectors", [8], x => x.DepthwiseConv2d(2),
            "depthwise_conv1: a convolution takes [N, channels, height, width], but the input is [N, 8]. Reshape it first."),
        Fault("separable convolution without outputs", [2, 3, 3], x => x.SeparableConv2d(0, kernel: 2),
            "separable_conv1/pointwise: `channels` (=0) must be at least 1."),
        Fault("factorized convolution larger than the picture", [2, 3, 3], x => x.FactorizedConv2d(3, kernel: 4),
            "factorized_conv1/depthwise: the window spans 4x4 pixels, but the padded input is only 3x3 (input [N, 3, 3, 3]). Use a " +
            "smaller kernel or more padding."),
        Fault("true convolution without kernels", [2, 3, 3], x => x.TrueConv2d(0, kernel: 2),
            "true_conv1: `channels` (=0) must be at least 1."),
        Fault("dense layer as a convolution of vectors", [8], x => x.DenseAsConv2d(2),
            "dense_conv1: a convolution takes [N, channels, height, width], but the input is [N, 8]. Reshape it first."),
        Fault("dense layer as a convolution without units", [2, 3, 3], x => x.DenseAsConv2d(0),
            "dense_conv1: `units` (=0) must be at least 1."),

        // Connection tables
        Fault("output map without connection", [3, 3, 3], x => x.PartialConv2d([[0], []], kernel: 2),
            "partial_conv1: output map 1 of `connections` sees no input map."),
        Fault("connection to a map that does not exist", [3, 3, 3], x => x.PartialConv2d([[0, 3]], kernel: 2),
            "partial_conv1: output map 0 of `connections` (=0, 3) must name each of its input maps once, from 0 to 2."),
        Fault("the same connection twice", [3, 3, 3], x => x.PartialConv2d([[0], [1, 2, 1]], kernel: 2),
            "partial_conv1: output map 1 of `connections` (=1, 2, 1) must name each of its input maps once, from 0 to 2."),
        Fault("empty table", [3, 3, 3], x => x.PartialConv2d([], kernel: 2),
            "partial_conv1: `connections` must name the input maps of one output map at least."),
        Fault("partial convolution of vectors", [8], x => x.PartialConv2d([[0]], kernel: 2),
            "partial_conv1: a convolution takes [N, channels, height, width], but the input is [N, 8]. Reshape it first."),

        // Kernels from elsewhere
        Fault("kernels of another rank", [2, 4], x => x.Conv1d(Weight(3, 2, 2, 2)),
            "conv1: kernels have the shape [channels, C/groups, width], but `weight` is [3, 2, 2, 2]."),
        Fault("biases for other channels", [2, 4, 4], x => x.Conv2d(Weight(3, 2, 2, 2), Weight(2)),
            "conv1: the biases [2] do not fit the 3 output channels."),
        Fault("biases for other channels, transposed", [2, 4, 4], x => x.ConvTranspose2d(Weight(2, 3, 2, 2), Weight(2)),
            "conv_transpose1: the biases [2] do not fit the 3 output channels."),
        Fault("matrix of another rank", [4], x => x.Dense(Weight(3, 2, 2)),
            "dense1: the matrix of a dense layer has the shape [units, features], but `weight` is [3, 2, 2]."),
        Fault("matrix for other features", [4], x => x.Dense(Weight(3, 5)),
            "dense1: the input [N, 4] has 4 features, but the weights [3, 5] expect 5."),
        Fault("biases for other units", [4], x => x.Dense(Weight(3, 4), Weight(4)), "dense1: the biases [4] do not fit the output [N, 3]."),
        Fault("convolution over the batch", [2, 4, 4], x => x.Transpose([1, 0, 2, 3]).Conv2d(2, kernel: 1),
            "conv1: the number of channels must be known, but the input is [2, N, 4, 4]."),

        // Slices and crops
        Fault("slice along no axis", [5], x => x.Slice(2, 0), "slice1: `axis` (=2) must lie between -2 and 1 for the input [N, 5]."),
        Fault("slice before the first axis", [5], x => x.Slice(-3, 0),
            "slice1: `axis` (=-3) must lie between -2 and 1 for the input [N, 5]."),
        Fault("slice beyond the end", [5], x => x.Slice(1, 2, 6), "slice1: elements 2 to 6 do not lie on axis 1 of [N, 5]."),
        Fault("slice before the start", [5], x => x.Slice(1, -6), "slice1: elements -1 to 5 do not lie on axis 1 of [N, 5]."),
        Fault("slice of nothing", [5], x => x.Slice(1, 3, -2), "slice1: elements 3 to 3 do not lie on axis 1 of [N, 5]."),
        Fault("slice of the open batch", [5], x => x.Slice(0, 1), "slice1: axis 0 of [N, 5] has no size yet, so it cannot be cut."),
        Fault("slice backwards", [5], x => x.Slice(1, 0, step: -1), "slice1: `step` (=-1) must be at least 1. Flip() turns an axis round."),
        Fault("crop beyond the picture", [1, 4, 4], x => x.Crop2d(2, 0, 2, 0),
            "crop1: elements 2 to 2 do not lie on axis 2 of [N, 1, 4, 4]."),
        Fault("negative crop", [1, 4, 4], x => x.Crop2d(0, 0, 0, -1), "crop1: elements 0 to 5 do not lie on axis 3 of [N, 1, 4, 4]."),
        Fault("crop of vectors", [4], x => x.Crop2d(0, 0, 0, 1),
            "crop1: a crop takes [N, channels, height, width] of a known size, but the input is [N, 4]."),
        Fault("center crop larger than the picture", [1, 4, 4], x => x.CenterCrop2d((4, 5)),
            "crop1: elements -1 to 4 do not lie on axis 3 of [N, 1, 4, 4]."),
        Fault("pieces that do not make the whole", [5], x => x.Split(1, [2, 2])[0],
            "split1/part0: `sizes` (=2, 2) make 4, but axis 1 of [N, 5] has 5 elements."),

        // Axes
        Fault("transpose with an axis missing", [3, 4], x => x.Transpose([0, 1]),
            "transpose1: `order` (=0,1) must name each axis of [N, 3, 4] once."),
        Fault("flip along no axis", [3], x => x.Flip([2]), "flip1: `axis` (=2) must lie between -2 and 1 for the input [N, 3]."),
        Fault("flip of the open batch", [3], x => x.Flip([0]),
            "flip1: only axes of a known size can be turned round, but the input is [N, 3]."),
        Fault("channels of vectors", [3], x => x.ToChannelsFirst(),
            "channels_first1: channels move past spatial axes, of which the input [N, 3] has none."),

        // Borders
        Fault("reflected padding of the whole picture", [1, 3, 5], x => x.Pad2d((3, 1), PadMode.Reflect),
            "pad1: `padding` (=3) by reflection must be smaller than the axis that is reflected (=3, input [N, 1, 3, 5]). Use " +
            "PadMode.Edge or less padding."),
        Fault("negative border", [1, 3, 3], x => x.Pad2d(Padding.Of(0, -1, 0, 0)),
            "pad1: `padding` (=-1) must be at least 0; Crop2d takes pixels away."),
        Fault("border that keeps the size", [1, 3, 3], x => x.Pad2d(Padding.Same),
            "pad1: `padding` must be numbers of pixels: only sliding windows keep a size."),
        Fault("border of a volume", [1, 3, 3], x => x.Pad2d(Padding.PerAxis((1, 1), (1, 1), (1, 1))),
            "pad1: `padding` names 3 axes, but a picture has 2."),
        Fault("border of vectors", [3], x => x.Pad2d(1),
            "pad1: a border takes [N, channels, height, width] of a known size, but the input is [N, 3]."),

        // Sizes
        Fault("factor below one", [1, 3, 3], x => x.Upsample2d((2, 0)),
            "upsample1: `factor` (=2x0) must be at least 1x1. Resize2d makes pictures smaller too."),
        Fault("no pixels", [1, 3, 3], x => x.Resize2d((0, 3)), "resize1: `size` (=0x3) must be at least 1x1."),
        Fault("corners of repeated pixels", [1, 3, 3], x => x.Upsample2d(2, alignCorners: true),
            "upsample1: `alignCorners` is a choice of bilinear resizing only."),
        Fault("resized vectors", [3], x => x.Resize2d(2),
            "resize1: resizing takes [N, channels, height, width] of a known size, but the input is [N, 3]."),

        // Joins and ways around
        Fault("gram matrix of vectors", [3], x => x.GramMatrix(),
            "gram1/rows: a Gram matrix takes [N, channels, height, width] of a known size, but the input is [N, 3]."),
        Fault("average of different sizes", [3], x => x.Average(x.Dense(2, name: "two")),
            "average1/add1: [N, 3] and [N, 2] do not fit each other: every axis must be equal, or 1 in one of them."),
        Fault("shortcut A to fewer channels", [4, 3, 3], x => x.Shortcut(ShortcutKind.A, channels: 3),
            "shortcut1/zero_channels: `channels` (=3) must be at least the input's (=4): option A only adds. Use option B."),
        Fault("shortcut A without stride", [4, 3, 3], x => x.Shortcut(ShortcutKind.A, channels: 4, stride: (1, 0)),
            "shortcut1/subsample: `stride` (=1x0) must be at least 1x1."),
        Fault("shortcut A of vectors", [4], x => x.Shortcut(ShortcutKind.A, channels: 4),
            "shortcut1/zero_channels: a shortcut takes [N, channels, height, width] of a known size, but the input is [N, 4]."),
        Fault("shortcut B without stride", [4, 3, 3], x => x.Shortcut(ShortcutKind.B, channels: 4, stride: 0),
            "shortcut1/projection: `stride` (=0x0) must be at least 1."),
        Fault("reuse of layers that are not there", [4], x => x.Reuse(x.Tanh(), x.Relu()),
            "reuse1: 'relu' does not depend on 'tanh', so there are no layers between them to use again."),
    ];

    [TestCaseSource(nameof(Layers))]
    public void A_layer_that_does_not_fit_is_named(int[] sample, Func<Value, Value> build, string expected)
    {
        Value x = Network.Input("image", sample).Pipe(build);
        Assert.That(Assert.Throws<GraphException>(() => x.Build("net"))!.Faults, Is.EqualTo(new[] { expected }));
    }

    /// <summary>None of these layers adds a fault of its own behind another's.</summary>
    [Test]
    public void Layers_behind_a_fault_add_no_noise()
    {
        Value broken = Network.Input("image", 3, 8, 8).Conv2d(4, kernel: 9, name: "broken"), x = broken;
        x = x.ConvTranspose2d(4, kernel: 2).DepthwiseConv2d(3).SeparableConv2d(4, kernel: 3).FactorizedConv2d(4, kernel: 3);
        x = x.TrueConv2d(4, kernel: 3).PartialConv2d([[0, 7]], kernel: 3).Slice(3, 5, 9).Crop2d(1, 1, 1, 1).CenterCrop2d(99);
        x = x.Split(1, [2, 2])[1].Transpose([0, 2, 3, 1]);
        x = x.Flip([1]).ToChannelsFirst().ToChannelsLast().Pad2d(9, PadMode.Reflect).Upsample2d(2).Resize2d(5).Average(x);
        x = x.Shortcut(ShortcutKind.A, 2, stride: 2).Shortcut(ShortcutKind.C, 5).Add(broken.Reuse(broken, x)).DenseAsConv2d(4).GramMatrix();
        Assert.That(Assert.Throws<GraphException>(() => x.Build("net"))!.Faults, Has.Count.EqualTo(1).And.All.StartsWith("broken: "));
    }

    /// <summary>A layer's own fault, which its operator does not know, is told even where only the second use is in the network.</summary>
    [Test]
    public void The_faults_of_reused_layers_are_not_lost()
    {
        Value first = Network.Input("first", 3, 8, 8), second = Network.Input("second", 3, 8, 8);
        Value reused = second.Reuse(first, first.Conv2d(0, kernel: 3, stride: 0));
        Assert.That(Assert.Throws<GraphException>(() => reused.Build("net"))!.Faults, Is.EqualTo(new[]
        {
            "reuse1/conv1: `channels` (=0) must be at least 1.", "reuse1/conv1: `stride` (=0x0) must be at least 1.",
        }));
    }

    private static Value Weight(params int[] dims) => Network.Parameter("weight" + dims.Length, dims);

    private static TestCaseData Fault(string name, int[] sample, Func<Value, Value> build, string expected) =>
        new TestCaseData(sample, build, expected).SetArgDisplayNames(name);
}

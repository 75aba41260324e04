using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Textbook examples of convolution, with the figures that are worked out there.</summary>
public class WorkedExampleTests
{
    /// <summary>A picture of 5x5 zeros and ones under the filter 101/010/101.</summary>
    [Test]
    public void Convolution_of_a_binary_picture()
    {
        Input image = Tensors.Input("image", 1, 1, 5, 5);
        Value y = image.Conv2d(1, kernel: 3, bias: false, name: "conv");
        float[] feature = GraphRunner.Evaluate(
            y,
            (image, Tensors.Of(image, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0)),
            (y.Producer!.Inputs[1], Tensors.Of([1, 1, 3, 3], 1, 0, 1, 0, 1, 0, 1, 0, 1)));
        Assert.That(feature, Is.EqualTo(new float[] { 4, 3, 4, 2, 4, 3, 2, 3, 4 }));
    }

    /// <summary>The mean of ones under 3x3 windows by 2 with one row of padding, the zeros counted or not.</summary>
    [TestCase(true, new[] { 4 / 9f, 2 / 3f, 2 / 3f, 1 })]
    [TestCase(false, new float[] { 1, 1, 1, 1 })]
    public void Average_pooling_at_the_border(bool countPadding, float[] expected)
    {
        Input image = Tensors.Input("image", 1, 1, 4, 4);
        float[] means = GraphRunner.Evaluate(
            image.AveragePool2d(3, stride: 2, padding: 1, countPadding: countPadding), (image, Tensors.Of(image, [.. Enumerable.Repeat(1f, 16)])));
        Assert.That(means, Is.EqualTo(expected).Within(1e-6f));
    }

    private static IEnumerable<TestCaseData> Sizes =>
    [
        Size("32x32x3, ten filters, padding 2", [3, 32, 32], x => x.Conv2d(10, kernel: 5, padding: 2), [10, 32, 32]),
        Size("32x32x3, ten filters, no padding", [3, 32, 32], x => x.Conv2d(10, kernel: 5), [10, 28, 28]),
        Size("32x32x3, ten filters, padding 2, stride 2", [3, 32, 32], x => x.Conv2d(10, kernel: 5, stride: 2, padding: 2), [10, 16, 16]),
        Size("32x32x3, ten filters, stride 2: (32 - 5) / 2 + 1 rounded down", [3, 32, 32], x => x.Conv2d(10, kernel: 5, stride: 2), [10, 14, 14]),
        Size("32x32x3, 24 filters", [3, 32, 32], x => x.Conv2d(24, kernel: 5, padding: 2), [24, 32, 32]),
        Size("6 pixels, kernel 3", [1, 6, 6], x => x.Conv2d(1, kernel: 3), [1, 4, 4]),
        Size("8 pixels, kernel 3", [1, 8, 8], x => x.Conv2d(1, kernel: 3), [1, 6, 6]),
        Size("6x9", [1, 6, 9], x => x.Conv2d(1, kernel: 3), [1, 4, 7]),
        Size("6x9, padding 1", [1, 6, 9], x => x.Conv2d(1, kernel: 3, padding: 1), [1, 6, 9]),
        Size("6x9, padding 1, stride 2", [1, 6, 9], x => x.Conv2d(1, kernel: 3, stride: 2, padding: 1), [1, 3, 5]),
        Size("AlexNet's first layer", [3, 227, 227], x => x.Conv2d(96, kernel: 11, stride: 4), [96, 55, 55]),
        Size("AlexNet's first pool", [96, 55, 55], x => x.MaxPool2d(3, stride: 2), [96, 27, 27]),
        Size("2x2 pooling at stride 1", [1, 7, 7], x => x.MaxPool2d(2, stride: 1), [1, 6, 6]),
        Size("dilation 2 makes 3 taps span 5", [1, 7, 7], x => x.Conv2d(1, kernel: 3, dilation: 2), [1, 3, 3]),
        Size("1x7 and 7x1", [1, 9, 9], x => x.Conv2d(2, kernel: (1, 7)).Conv2d(3, kernel: (7, 1)), [3, 3, 3]),
        // "Same" padding gives ceil(size / stride).
        Size("same: 224, 7 by 2", [1, 224, 224], x => x.Conv2d(1, kernel: 7, stride: 2, padding: Padding.Same), [1, 112, 112]),
        Size("same: 112, 3 by 2", [1, 112, 112], x => x.MaxPool2d(3, stride: 2, padding: Padding.Same), [1, 56, 56]),
        Size("same: 224, 11 by 4", [1, 224, 224], x => x.Conv2d(1, kernel: 11, stride: 4, padding: Padding.Same), [1, 56, 56]),
        Size("same: 299, 3 by 2", [1, 299, 299], x => x.Conv2d(1, kernel: 3, stride: 2, padding: Padding.Same), [1, 150, 150]),
        Size("same lower: 5, 2 by 2", [1, 5, 5], x => x.AveragePool2d(2, padding: Padding.SameLower), [1, 3, 3]),
        Size("flatten and dense", [16, 5, 5], x => x.Flatten().Dense(120), [120]),
        Size("concat", [3, 8, 8], x => x.Conv2d(4, kernel: 1).Concat(x.Conv2d(6, kernel: 3, padding: 1), x), [13, 8, 8]),
    ];

    [TestCaseSource(nameof(Sizes))]
    public void Output_sizes(int[] sample, Func<Value, Value> build, long[] expected)
    {
        Network network = Network.Input("image", sample).Pipe(build).Build("example");
        Assert.That(network.Outputs[0].Shape.Skip(1).Select(d => d.Size), Is.EqualTo(expected));
    }

    /// <summary>Resolved "same" padding: as many rows before and behind, the odd one behind, or before for the lower form.</summary>
    [TestCase(224, 7, 2, 2, 3)]
    [TestCase(112, 3, 2, 0, 1)]
    [TestCase(224, 11, 4, 3, 4)]
    [TestCase(299, 3, 2, 1, 1)]
    [TestCase(28, 3, 2, 0, 1)]
    [TestCase(7, 3, 2, 1, 1)]
    [TestCase(5, 2, 2, 0, 1)]
    [TestCase(5, 1, 3, 0, 0)]
    public void Same_padding_is_split(int size, int kernel, int stride, int before, int after)
    {
        (int[] Begin, int[] End) Resolve(Padding padding) => padding.Resolve([size, size], [kernel, kernel], [stride, stride], [1, 1]);
        Assert.Multiple(() =>
        {
            Assert.That(Resolve(Padding.Same), Is.EqualTo((new[] { before, before }, new[] { after, after })));
            Assert.That(Resolve(Padding.SameLower), Is.EqualTo((new[] { after, after }, new[] { before, before })));
        });
    }

    private static IEnumerable<TestCaseData> Costs =>
    [
        Cost("ten 5x5x3 filters", [3, 32, 32], x => x.Conv2d(10, kernel: 5, padding: 2), parameters: 760, values: 10_240, macs: 768_000),
        Cost("100 3x3 filters on 28x28x3", [3, 28, 28], x => x.Conv2d(100, kernel: 3, padding: 1), parameters: 2_800, values: 78_400, macs: 2_116_800),
        Cost("16 5x5 filters on 8 channels", [8, 32, 32], x => x.Conv2d(16, kernel: 5, padding: 2), parameters: 3_216, values: 16_384, macs: 3_276_800),
        Cost("one 3x5x5 filter", [3, 5, 5], x => x.Conv2d(1, kernel: 5), parameters: 76, values: 1, macs: 75),
        Cost("AlexNet's first layer without biases", [3, 227, 227], x => x.Conv2d(96, kernel: 11, stride: 4, bias: false), parameters: 34_848, values: 290_400, macs: 105_415_200),
        Cost("depthwise", [8, 10, 10], x => x.Conv2d(8, kernel: 3, padding: 1, groups: 8), parameters: 80, values: 800, macs: 7_200),
        Cost("dense", [120], x => x.Dense(84), parameters: 10_164, values: 84, macs: 10_080),
    ];

    [TestCaseSource(nameof(Costs))]
    public void Parameters_values_and_multiply_accumulates(int[] sample, Func<Value, Value> build, long parameters, long values, long macs)
    {
        LayerSummary layer = NetworkSummary.Of(Network.Input("image", sample).Pipe(build).Build("example")).Layers.Single();
        Assert.Multiple(() =>
        {
            Assert.That(layer.Parameters, Is.EqualTo(parameters));
            Assert.That(layer.ActivationBytes, Is.EqualTo(4 * values));
            Assert.That(layer.Macs, Is.EqualTo(macs));
        });
    }

    private static TestCaseData Size(string name, int[] sample, Func<Value, Value> build, long[] expected) =>
        new TestCaseData(sample, build, expected).SetArgDisplayNames(name);

    private static TestCaseData Cost(string name, int[] sample, Func<Value, Value> build, long parameters, long values, long macs) =>
        new TestCaseData(sample, build, parameters, values, macs).SetArgDisplayNames(name);
}

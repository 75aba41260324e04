using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Analysis;

public class NetworkSummaryTests
{
    private const string Table = """
        small: image [N, 3, 16, 16]
          layer          operator  output   parameters    MACs  activation bytes  receptive field
          ---------------------------------------------------------------------------------------
          conv1          Conv      8x16x16         224  55,296             8,192              3x3
          relu1          Relu      8x16x16           0       0             8,192              3x3
          max_pool1      MaxPool   8x8x8             0       0             2,048              4x4
          mixed/1x1      Conv      4x8x8            36   2,048             1,024              4x4
          mixed/1x7      Conv      4x8x8           228  14,336             1,024             4x16
          mixed/concat1  Concat    8x8x8             0       0             2,048             4x16
          flatten1       Flatten   512               0       0             2,048            18x30
          dropout1       Dropout   512               0       0             2,048            18x30
          scores         Gemm      10            5,130   5,120                40            18x30
          5,618 parameters (22,472 bytes), 76,800 MACs, 26,664 bytes of activations a sample
          81,418 connections, 16,384 bytes of activations at once in use
          convolutions: 8.7 % of the parameters, 93.3 % of the MACs; dense layers: 91.3 %, 6.7 %
        """;

    [Test]
    public void A_printed_network_is_its_table()
    {
        Network network = Network.Input("image", 3, 16, 16).Conv2d(8, kernel: 3, padding: 1).Relu().MaxPool2d(2)
            .Block("mixed", x => x.Conv2d(4, kernel: 1, name: "1x1").Concat(x.Conv2d(4, kernel: (1, 7), padding: Padding.Same, name: "1x7")))
            .Flatten().Dropout().Dense(10, name: "scores").Build("small");
        Assert.That(network.ToString().ReplaceLineEndings("\n"), Is.EqualTo(Table.ReplaceLineEndings("\n")));
    }

    /// <summary>What one element sees: r ← r + (k − 1)·j, j ← j·s.</summary>
    private static IEnumerable<TestCaseData> Fields =>
    [
        Case("3x3 twice see 5x5", x => x.Conv2d(1, 3).Conv2d(1, 3), (5, 5), (1, 1)),
        Case("3x3 three times see 7x7", x => x.Conv2d(1, 3).Conv2d(1, 3).Conv2d(1, 3), (7, 7), (1, 1)),
        Case("a stride counts from the next layer on", x => x.Conv2d(1, 3, stride: 2).Conv2d(1, 3), (7, 7), (2, 2)),
        Case("dilation widens", x => x.Conv2d(1, 3, dilation: 2), (5, 5), (1, 1)),
        Case("padding changes nothing", x => x.Conv2d(1, 3, padding: 1), (3, 3), (1, 1)),
        Case("height and width apart", x => x.Conv2d(1, (1, 7)).MaxPool2d((2, 1)), (2, 7), (2, 1)),
        Case("activations see what their input sees", x => x.Conv2d(1, 3).Relu(), (3, 3), (1, 1)),
        Case("of two branches the wider counts", x => x.Conv2d(1, 3, padding: 1).Concat(x.Conv2d(1, 5, padding: 2)), (5, 5), (1, 1)),
        Case("flatten sees everything", x => x.Conv2d(1, 3).Flatten(), (227, 227), (1, 1)),
        Case("a transposed convolution undoes a stride", x => x.Conv2d(1, 3, stride: 2).ConvTranspose2d(1, 3, stride: 2), (5, 5), (1, 1)),
        Case("an overlap of transposed kernels sees more", x => x.Conv2d(1, 3, stride: 2).ConvTranspose2d(1, 5, stride: 2), (7, 7), (1, 1)),
        Case("repeated pixels see what theirs saw", x => x.MaxPool2d(2).Upsample2d(2).Conv2d(1, 3), (4, 4), (1, 1)),
        Case("resized pixels see two", x => x.MaxPool2d((4, 1)).Upsample2d((2, 1), ResizeMode.Bilinear), (8, 1), (2, 1)),
        Case("every second pixel", x => x.Slice(2, 0, step: 2).Conv2d(1, 3), (5, 3), (2, 1)),
        Case("borders change nothing", x => x.Pad2d(1, PadMode.Reflect).Conv2d(1, 3).Crop2d(1, 1, 1, 1).Flip([2]), (3, 3), (1, 1)),
        Case("AlexNet up to the fifth convolution", x => AlexNet(x).Conv2d(1, 3, padding: 1), (163, 163), (16, 16)),
        Case("AlexNet up to the last pool", x => AlexNet(x).Conv2d(1, 3, padding: 1).MaxPool2d(3, stride: 2), (195, 195), (32, 32)),
        Case("AlexNet with windows of 2x2 up to the fifth convolution", x => AlexNet(x, 2).Conv2d(1, 3, padding: 1), (151, 151), (16, 16)),
        Case("ZFNet up to the last pool", x => ZFNet(x).MaxPool2d(3, stride: 2), (171, 171), (32, 32)),
        Case("VGG-16 up to the last convolution", x => Vgg(x, 2, 2, 3, 3, 3), (196, 196), (16, 16)),
        Case("VGG-16 up to the last pool", x => Vgg(x, 2, 2, 3, 3, 3).MaxPool2d(2), (212, 212), (32, 32)),
        Case("VGG-19 up to the last convolution", x => Vgg(x, 2, 2, 4, 4, 4), (252, 252), (16, 16)),
        Case("VGG-19 up to the last pool", x => Vgg(x, 2, 2, 4, 4, 4).MaxPool2d(2), (268, 268), (32, 32)),
    ];

    [TestCaseSource(nameof(Fields))]
    public void Receptive_fields(Func<Value, Value> build, Size2 size, Size2 jump)
    {
        ArgumentNullException.ThrowIfNull(build);
        LayerSummary last = NetworkSummary.Of(build(Network.Input("image", 1, 227, 227)).Build("net")).Layers[^1];
        Assert.Multiple(() =>
        {
            Assert.That(last.ReceptiveField, Is.EqualTo(size.ToArray()));
            Assert.That(last.Jump, Is.EqualTo(jump.ToArray()));
        });
    }

    /// <summary>Three pixels of a picture enlarged by 2 lie within two of its pixels, four within three.</summary>
    [TestCase(3, 2)]
    [TestCase(4, 3)]
    [TestCase(5, 3)]
    public void Receptive_fields_of_enlarged_pictures(int kernel, int expected)
    {
        LayerSummary last = NetworkSummary.Of(Network.Input("image", 1, 9, 9).Upsample2d(2).Conv2d(1, kernel).Build("net")).Layers[^1];
        Assert.Multiple(() =>
        {
            Assert.That(last.ReceptiveField, Is.EqualTo(new[] { expected, expected }));
            Assert.That(last.Jump, Is.EqualTo(new[] { 0.5, 0.5 }));
        });
    }

    [Test]
    public void Receptive_fields_of_signals_and_volumes()
    {
        LayerSummary signal = NetworkSummary.Of(Network.Input("signal", 2, 40).Conv1d(3, kernel: 5, stride: 2).Conv1d(3, kernel: 3).Build("net")).Layers[^1];
        LayerSummary volume = NetworkSummary.Of(Network.Input("volume", 1, 9, 9, 9).Conv3d(2, kernel: (1, 3, 5), stride: (1, 2, 3)).Build("net")).Layers[^1];
        Assert.Multiple(() =>
        {
            Assert.That(signal.ReceptiveField, Is.EqualTo(new[] { 9 }));
            Assert.That(signal.Jump, Is.EqualTo(new[] { 2 }));
            Assert.That(volume.ReceptiveField, Is.EqualTo(new[] { 1, 3, 5 }));
            Assert.That(volume.Jump, Is.EqualTo(new[] { 1, 2, 3 }));
        });
    }

    /// <summary>Axes come and go with reshapes, and everything can still be summed up.</summary>
    [Test]
    public void The_network_with_every_layer_can_be_printed()
    {
        Network every = Support.Networks.EveryLayer();
        Assert.That(every.ToString().Split('\n'), Has.Length.EqualTo(every.Nodes.Count + 6));
    }

    [Test]
    public void Shared_parameters_are_counted_once()
    {
        Value x = Network.Input("x", 4), once = x.Dense(4, bias: false, name: "first");
        Value weight = once.Producer!.Inputs[1];
        Value twice = new Node(new Cnn.Graph.Operators.Gemm(TransposeB: true), Label.For("dense", "second"), [once, weight]).Output;
        NetworkSummary summary = NetworkSummary.Of(twice.Build("net"));
        Assert.Multiple(() =>
        {
            Assert.That(summary.Parameters, Is.EqualTo(16));
            Assert.That(summary.Layers.Select(l => l.Parameters), Is.EqualTo(new long[] { 16, 0 }));
            Assert.That(summary.Macs, Is.EqualTo(32));
        });
    }

    private static Value AlexNet(Value x, int pool = 3) => x
        .Conv2d(1, 11, stride: 4).MaxPool2d(pool, stride: 2).Conv2d(1, 5, padding: 2).MaxPool2d(pool, stride: 2)
        .Conv2d(1, 3, padding: 1).Conv2d(1, 3, padding: 1);

    private static Value ZFNet(Value x) => x
        .Conv2d(1, 7, stride: 2, padding: 1).MaxPool2d(3, stride: 2, padding: 1).Conv2d(1, 5, stride: 2).MaxPool2d(3, stride: 2, padding: 1)
        .Conv2d(1, 3, padding: 1).Conv2d(1, 3, padding: 1).Conv2d(1, 3, padding: 1);

    /// <summary>Groups of 3x3 convolutions with pools between them.</summary>
    private static Value Vgg(Value x, params int[] groups) => groups.Index().Aggregate(x, (y, group) =>
        Enumerable.Range(0, group.Item).Aggregate(group.Index == 0 ? y : y.MaxPool2d(2), (z, _) => z.Conv2d(1, 3, padding: 1)));

    private static TestCaseData Case(string name, Func<Value, Value> build, Size2 size, Size2 jump) =>
        new TestCaseData(build, size, jump).SetArgDisplayNames(name);
}

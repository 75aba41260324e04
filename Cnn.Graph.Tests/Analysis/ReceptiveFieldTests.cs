using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>
/// Sizes, jumps and centers against what is really seen: with all weights 1 and positive pixels the gradient of an output element is not
/// zero exactly where it sees the picture.
/// </summary>
public class ReceptiveFieldTests
{
    private const int Height = 64, Width = 48;

    private static IEnumerable<TestCaseData> Networks =>
    [
        Case("a 3x3 convolution", x => x.Conv2d(1, 3)),
        Case("padding moves the center back", x => x.Conv2d(1, 5, padding: 2).Conv2d(1, (3, 7), padding: (1, 3))),
        Case("strides", x => x.Conv2d(1, 7, stride: 2, padding: 3).AveragePool2d(3, stride: 2, padding: 1).Conv2d(1, 3, padding: 1)),
        Case("a dilated convolution", x => x.Conv2d(1, 3, stride: (1, 2), dilation: (2, 3), padding: (1, 4)).Conv2d(1, 3)),
        Case(
            "padding on one side",
            x => x.Conv2d(1, 4, padding: Padding.Of(3, 0, 0, 1)).Conv2d(1, 2, stride: 2, padding: Padding.Of(0, 1, 1, 0))),
        Case(
            "the same size, the odd pixel behind",
            x => x.Conv2d(1, 3, stride: 2, padding: Padding.Same).Conv2d(1, 4, padding: Padding.Same)),
        Case(
            "the same size, the odd pixel before",
            x => x.Conv2d(1, 4, stride: 2, padding: Padding.SameLower).Conv2d(1, 2, padding: Padding.SameLower)),
        Case("a pool that is rounded up", x => x.AveragePool2d(3, stride: 2, ceil: true).Conv2d(1, 3)),
        Case("a locally connected layer", x => x.LocallyConnected2d(1, 3, stride: 2, padding: 1)),
        Case("a border", x => x.Pad2d((5, 2)).Conv2d(1, 3).Pad2d(2, PadMode.Edge).AveragePool2d(2)),
        Case("a crop", x => x.Conv2d(1, 3).Crop2d(4, 3, 2, 1).AveragePool2d(2)),
        Case("every other element", x => x.Slice(2, 3, step: 2).Slice(3, 1, step: 3).Conv2d(1, 3)),
        Case("a mirror", x => x.Conv2d(1, 4, padding: Padding.Of(3, 2, 0, 0)).Flip([3]).Conv2d(1, 2, stride: 2)),
        Case(
            "rows and columns swapped for a while",
            x => Swapped(Swapped(x.Conv2d(1, (3, 6), stride: (2, 1))).AveragePool2d((1, 2), stride: 1))),
        Case("channels to the end and back", x => x.Conv2d(1, (3, 6), stride: (2, 1)).ToChannelsLast().ToChannelsFirst()),
        Case("columns", x => x.Unfold2d(2, stride: 2).Conv1d(4, 1).Fold2d((Height, Width), kernel: 2, stride: 2).Conv2d(1, 3), period: 2),
        Case("a transposed convolution", x => x.ConvTranspose2d(1, 3, stride: 2, padding: 1), period: 2),
        Case("a transposed convolution in small pieces", x => x.Conv2d(1, 3).ConvTranspose2d(1, (4, 2), stride: 2).Conv2d(1, 2), period: 2),
        Case("repeated pixels", x => x.Upsample2d((2, 3)).Conv2d(1, 3, padding: 1), period: 6),
        Case("half of the pixels", x => x.Resize2d((Height / 2, Width / 3), ResizeMode.Nearest).Conv2d(1, 3)),
        Case("two of three pixels", x => x.Resize2d((Height, Width * 2 / 3), ResizeMode.Nearest), period: 2),
        Case("pixels between pixels", x => x.AveragePool2d(2).Upsample2d(2, ResizeMode.Bilinear), period: 2),
        Case("a smaller picture between pixels", x => x.Resize2d((Height / 2, Width / 3))),
        Case("corners that stay", x => x.Resize2d(((2 * Height) - 1, (3 * Width) - 2), alignCorners: true), period: 6),
        Case(
            "branches around one center",
            x => x.Conv2d(1, 1).Concat(x.Conv2d(1, 5, padding: 2), x.AveragePool2d(3, stride: 1, padding: 1))),
        Case(
            "branches beside one another",
            x => x.Conv2d(1, 3, padding: Padding.Of(2, 0, 0, 2)).Add(x.Conv2d(1, 3, padding: Padding.Of(0, 2, 2, 0)))),
        Case(
            "a shifted branch",
            x => x.Conv2d(1, 1, stride: 2).Add(x.Slice(2, 1).Slice(3, 1).Pad2d(Padding.Of(0, 0, 1, 1)).Conv2d(1, 1, stride: 2))),
        Case("an Inception module", x => x.Conv2d(2, 3, stride: 2).Inception(1, 1, 1, 1, 1, 1)),
    ];

    [TestCaseSource(nameof(Networks))]
    public void What_elements_see(Func<Value, Value> build, int period)
    {
        ArgumentNullException.ThrowIfNull(build);
        Value image = Network.Input("image", 1, Height, Width), output = build(image);
        Network network = output.Build("net");
        LayerSummary last = NetworkSummary.Of(network).Layers[^1];
        // Of an axis that was turned round the sign tells.
        double[] jump = ReceptiveField.Of(network)[network.Outputs[0]].Jump;
        int[] dims = [.. output.Shape.Skip(1).Select(d => (int)d.Size)], middle = [dims[1] / 2, dims[2] / 2];
        Interval[][] seen = Seen(image, output, dims, [.. Enumerable.Range(0, period).Select(k => (middle[0] + k, middle[1] + k))]);
        Assert.Multiple(() =>
        {
            for (int axis = 0; axis < 2; axis++)
            {
                Interval[] along = [.. seen.Select(s => s[axis])];
                double expected = Enumerable.Range(0, period).Average(k => last.Center[axis] + ((middle[axis] + k) * jump[axis]));
                Assert.That(along.Min(i => i.First), Is.GreaterThan(0), "an element inside sees no border");
                Assert.That(along.Max(i => i.Last), Is.LessThan((axis == 0 ? Height : Width) - 1), "an element inside sees no border");
                Assert.That(last.ReceptiveField[axis], Is.EqualTo(along.Max(i => i.Last - i.First + 1)), $"size along axis {axis}");
                Assert.That(last.Jump[axis], Is.EqualTo(Math.Abs(jump[axis])));
                Assert.That(expected, Is.EqualTo(along.Average(i => i.Middle)).Within(1e-6), $"center along axis {axis}");
            }
        });
    }

    /// <summary>A whole picture at once: its middle is seen from the middle.</summary>
    [Test]
    public void Centers_of_whole_pictures() => Assert.Multiple(() =>
    {
        Value x = Network.Input("image", 1, 9, 14);
        foreach (Value whole in new[] { x.GlobalAveragePool(), x.Flatten(), x.Mean([2, 3]), x.Flatten().Dense(3) })
        {
            LayerSummary last = NetworkSummary.Of(whole.Build("net")).Layers[^1];
            Assert.That(last.ReceptiveField, Is.EqualTo(new[] { 9, 14 }), last.Operator);
            Assert.That(last.Center, Is.EqualTo(new[] { 4.5, 7 }), last.Operator);
        }
    });

    /// <summary>Windows of an adaptive pool lie one behind the other, and the first layer has its first.</summary>
    [Test]
    public void Centers_of_pieces_in_a_row()
    {
        LayerSummary last = NetworkSummary.Of(Network.Input("image", 1, 14, 14).AdaptiveAveragePool2d(4).Build("net")).Layers[^1];
        Assert.That(last.Center, Is.EqualTo(new[] { 2, 2 }));
        Assert.That(last.ReceptiveField, Is.EqualTo(new[] { 4, 4 }));
    }

    /// <summary>
    /// Sides as computed elsewhere; centers by hand: even padding keeps them, windows of 2x2 and those without move them.
    /// </summary>
    [TestCase("resnet18", "conv5_2/relu", 435, 0.5)]
    [TestCase("resnet34", "conv5_3/relu", 899, 0.5)]
    [TestCase("vgg16", "pool5", 212, 16)]
    [TestCase("alexnet-grouped", "pool5", 195, 33.5)]
    public void Centers_of_known_networks(string id, string layer, int size, double center)
    {
        LayerSummary summary = NetworkSummary.Of(Architecture.Find(id).Build()).Layers.Single(l => l.Name == layer);
        Assert.That(summary.ReceptiveField, Is.EqualTo(new[] { size, size }));
        Assert.That(summary.Center, Is.EqualTo(new[] { center, center }));
    }

    /// <summary>The first and last row and column of the picture with a gradient, for each of some elements.</summary>
    private static Interval[][] Seen(Value image, Value output, int[] dims, (int Row, int Column)[] elements)
    {
        Value chosen = Network.Input("chosen", dims);
        Value gradient = Gradient.Of(output.Multiply(chosen).Sum(), image)[0];
        using var runner = new GraphRunner([gradient]);
        Dictionary<Value, TensorData> feeds =
            GraphRunner.Feeds(Traversal.Leaves([gradient]).OfType<Parameter>().Select(p => ((Value)p, Ones(p.Shape))));
        feeds[image] = Ones(image.Shape);
        return [.. elements.Select(element =>
        {
            float[] mask = new float[dims.Aggregate(1, (n, d) => n * d)];
            for (int channel = 0; channel < dims[0]; channel++)
            {
                mask[(((channel * dims[1]) + element.Row) * dims[2]) + element.Column] = 1;
            }

            feeds[chosen] = TensorData.Of<float>(mask, [1, .. dims.Select(d => (long)d)]);
            float[] pixels = runner.Run(feeds)[0].Floats();
            int[] touched = [.. Enumerable.Range(0, pixels.Length).Where(i => pixels[i] != 0)];
            return new[] { Interval.Of(touched.Select(i => i / Width)), Interval.Of(touched.Select(i => i % Width)) };
        })];
    }

    private static Value Swapped(Value x) => x.Transpose([0, 1, 3, 2]);

    private static TensorData Ones(Shape shape)
    {
        var bound = shape.Bind(Network.BatchSymbol, 1);
        return TensorData.Of<float>([.. Enumerable.Repeat(1f, (int)bound.CountPerSample())], bound.Sizes());
    }

    private static TestCaseData Case(string name, Func<Value, Value> build, int period = 1) =>
        new TestCaseData(build, period).SetArgDisplayNames(name);

    private readonly record struct Interval(int First, int Last)
    {
        public double Middle => (First + Last + 1) / 2.0;

        public static Interval Of(IEnumerable<int> places) => new(places.Min(), places.Max());
    }
}

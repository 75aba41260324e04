using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class InitializerTests
{
    /// <summary>256 kernels of 3x3 over 128 channels: fan-in 1152, fan-out 2304.</summary>
    private static readonly long[] Kernels = [256, 128, 3, 3];

    private static IEnumerable<TestCaseData> Variances =>
    [
        Case("he", Initializer.He, Kernels, 2.0 / 1152),
        Case("he: dense", Initializer.He, [400, 600], 2.0 / 600),
        Case("he: depthwise has the taps alone as fan-in", Initializer.He, [20_000, 1, 3, 3], 2.0 / 9),
        Case("xavier", Initializer.Xavier, Kernels, 2.0 / (1152 + 2304)),
        Case("xavier: dense", Initializer.Xavier, [400, 600], 2.0 / 1000),
        Case("xavier with a gaussian", Initializer.XavierGaussian, Kernels, 2.0 / (1152 + 2304)),
        Case("he: fan-out", Initializer.HeFanOut, Kernels, 2.0 / 2304),
        Case("he: leaky", Initializer.HeLeaky(0.5), Kernels, 2.0 / (1.25 * 1152)),
        Case("lenet", Initializer.LeNet, Kernels, 2.4 * 2.4 / 1152 / 1152 / 3),
        Case("truncated normal", Initializer.TruncatedNormal(0.1), Kernels, 0.01 * 0.87962566 * 0.87962566),
        Case("gaussian", Initializer.Gaussian(0.01), Kernels, 1e-4),
        Case("gaussian: VGG's variance", Initializer.Gaussian(0.1), Kernels, 1e-2),
        Case("he: fan-out counts all channels, whatever the groups", Initializer.HeFanOut, [20_000, 1, 3, 3], 2.0 / 180_000),
        Case("random signs", Initializer.RandomSigns, Kernels, 1),
        Case("scaled: Caffe's xavier", Initializer.VarianceScaling(1, isUniform: true), Kernels, 1.0 / 1152),
        Case("scaled: PyTorch's usual", Initializer.VarianceScaling(1.0 / 3, isUniform: true), Kernels, 1.0 / 3 / 1152),
        Case("scaled: xavier with the gain of tanh", Initializer.VarianceScaling(25.0 / 9, Fan.Average), Kernels, 25.0 / 9 * 2 / (1152 + 2304)),
        Case("scaled: fan-out", Initializer.VarianceScaling(1, Fan.Out), Kernels, 1.0 / 2304),
    ];

    /// <summary>
    /// With 240,000 numbers and more the variance of a sample is known to 0.3 % (one deviation), the mean to 0.2 % of a deviation.
    /// </summary>
    [TestCaseSource(nameof(Variances))]
    public void Numbers_have_the_variance_of_the_paper(Initializer initializer, long[] dims, double variance)
    {
        float[] numbers = Draw(initializer, "weight", dims);
        double mean = numbers.Average(x => (double)x);
        Assert.Multiple(() =>
        {
            Assert.That(numbers.Average(x => (x - mean) * (x - mean)), Is.EqualTo(variance).Within(1.2).Percent);
            Assert.That(mean / Math.Sqrt(variance), Is.Zero.Within(0.01));
        });
    }

    /// <summary>
    /// Kernels of a partial convolution: the numbers that feed an output map are those of its connections, and an input map feeds those
    /// that see it. Map 0 sees one input, map 1 sees four; input 3 feeds both.
    /// </summary>
    [TestCase("he", 0, 2.0 / 900)]
    [TestCase("he", 1, 2.0 / 3600)]
    [TestCase("xavier", 0, 2.0 / (900 + 1800))]
    [TestCase("xavier", 4, 2.0 / (3600 + 1800))]
    [TestCase("xavier", 1, 2.0 / (3600 + 900))]
    public void Maps_with_few_connections_start_with_larger_kernels(string initializer, int connection, double variance)
    {
        Value y = Network.Input("image", 4, 40, 40).PartialConv2d(
            [[3], [0, 1, 2, 3]], kernel: 30, weightInitializer: initializer == "he" ? Initializer.He : Initializer.Xavier);
        Parameter weight = Traversal.Leaves([y]).OfType<Parameter>().First();
        IEnumerable<float> kernels = Enumerable.Range(0, 400).SelectMany(
            seed => weight.Initializer.Draw(weight, seed).Floats()[(900 * connection)..(900 * (connection + 1))]);
        Assert.That(kernels.Average(x => (double)x * x), Is.EqualTo(variance).Within(1.2).Percent);
    }

    [Test]
    public void Kernels_of_a_partial_convolution_differ()
    {
        Value y = Network.Input("image", 2, 8, 8).PartialConv2d([[0], [1], [0, 1]], kernel: 2);
        Parameter weight = Traversal.Leaves([y]).OfType<Parameter>().First();
        Assert.That(weight.Initializer.Draw(weight, 1).Floats(), Is.Unique);
    }

    /// <summary>The layout of transposed kernels is [in, out, …], but what feeds an output is still the input's channels.</summary>
    [Test]
    public void Transposed_kernels_count_the_channels_that_feed_them()
    {
        Value y = Network.Input("image", 64, 4, 4).ConvTranspose2d(160, kernel: 5, groups: 2);
        Parameter weight = Traversal.Leaves([y]).OfType<Parameter>().First();
        Assert.That(weight.Shape, Is.EqualTo(Shape.Of(64, 80, 5, 5)));
        float[] kernels = weight.Initializer.Draw(weight, 1).Floats();
        Assert.That(kernels.Average(x => (double)x * x), Is.EqualTo(2.0 / (32 * 25)).Within(1.2).Percent);
    }

    /// <summary>
    /// A uniform distribution of variance V ends at √(3 V); a Gaussian has 0.27 % of its numbers beyond three deviations.
    /// </summary>
    [Test]
    public void Xavier_is_uniform_and_he_is_gaussian()
    {
        double bound = Math.Sqrt(6.0 / (1152 + 2304));
        float[] uniform = Draw(Initializer.Xavier, "weight", Kernels), gaussian = Draw(Initializer.He, "weight", Kernels);
        double beyond = gaussian.Average(x => Math.Abs(x) > 3 * Math.Sqrt(2.0 / 1152) ? 1.0 : 0);
        Assert.Multiple(() =>
        {
            Assert.That(uniform.Max(Math.Abs), Is.LessThanOrEqualTo(bound).And.GreaterThan(0.999 * bound));
            Assert.That(beyond, Is.EqualTo(0.0027).Within(0.0005));
        });
    }

    private static IEnumerable<TestCaseData> Bounds =>
    [
        Case("lenet", Initializer.LeNet, Kernels, 2.4 / 1152),
        Case("Caffe's xavier", Initializer.VarianceScaling(1, isUniform: true), Kernels, Math.Sqrt(3.0 / 1152)),
        Case("PyTorch's usual", Initializer.VarianceScaling(1.0 / 3, isUniform: true), Kernels, 1 / Math.Sqrt(1152)),
    ];

    [TestCaseSource(nameof(Bounds))]
    public void Uniform_numbers_end_at_their_bound(Initializer initializer, long[] dims, double bound) =>
        Assert.That(Draw(initializer, "weight", dims).Max(Math.Abs), Is.LessThanOrEqualTo(bound).And.GreaterThan(0.999 * bound));

    [Test]
    public void Given_numbers_are_taken_as_they_are()
    {
        Assert.That(Draw(Initializer.Given(1, -2, 0.5, 4), "weight", [2, 2]), Is.EqualTo(new[] { 1, -2, 0.5f, 4 }));
        Assert.That(
            () => Draw(Initializer.Given(1, -2, 0.5), "fc/weight", [2, 2]),
            Throws.InstanceOf<CnnGraphException>().With.Message.EqualTo("'fc/weight' is [2, 2] and takes 4 numbers, but 3 were given."));
    }

    [Test]
    public void Truncated_numbers_stay_within_two_deviations() =>
        Assert.That(Draw(Initializer.TruncatedNormal(0.1), "weight", Kernels).Max(Math.Abs), Is.InRange(0.199, 0.2));

    [TestCase(6, 20)]
    [TestCase(20, 6)]
    [TestCase(8, 8)]
    public void Orthogonal_rows_or_columns_have_unit_length_and_no_overlap(int rows, int columns)
    {
        float[] w = Draw(Initializer.Orthogonal, "weight", [rows, columns]);
        (int count, int length) = rows <= columns ? (rows, columns) : (columns, rows);
        float At(int vector, int i) => rows <= columns ? w[(vector * columns) + i] : w[(i * columns) + vector];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++)
            {
                double product = Enumerable.Range(0, length).Sum(i => (double)At(a, i) * At(b, i));
                Assert.That(product, Is.EqualTo(a == b ? 1 : 0).Within(1e-6));
            }
        }
    }

    [Test]
    public void Identity_passes_channels_on()
    {
        float[] w = Draw(Initializer.Identity, "weight", [2, 3, 3, 3]);
        Assert.That(w.Select((x, i) => (x, i)).Where(p => p.x != 0), Is.EqualTo(new[] { (1f, 4), (1f, 27 + 9 + 4) }));
    }

    [Test]
    public void Constants_fill() => Assert.Multiple(() =>
    {
        Assert.That(Draw(Initializer.Zero, "bias", [5]), Is.All.Zero);
        Assert.That(Draw(Initializer.Constant(0.1), "bias", [5]), Is.All.EqualTo(0.1f), "AlexNet's hidden layers in Caffe; 1 in the paper, 0.2 in GoogLeNet");
    });

    /// <summary>These bits must never change: models that were trained from a seed are reproduced from it.</summary>
    [Test]
    public void A_seed_and_a_name_give_these_numbers()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Bits(Draw(Initializer.He, "conv1/weight", [2, 2, 1, 1], seed: 42)), Is.EqualTo(HeBits));
            Assert.That(Bits(Draw(Initializer.Xavier, "dense1/weight", [2, 2], seed: 42)), Is.EqualTo(XavierBits));
        });
    }

    [Test]
    public void Other_seeds_and_other_names_give_other_numbers() => Assert.Multiple(() =>
    {
        Assert.That(Draw(Initializer.He, "a", [50, 50], seed: 1), Is.Not.EqualTo(Draw(Initializer.He, "a", [50, 50], seed: 2)));
        Assert.That(Draw(Initializer.He, "a", [50, 50], seed: 1), Is.Not.EqualTo(Draw(Initializer.He, "b", [50, 50], seed: 1)));
    });

    [Test]
    public void Adding_a_layer_leaves_the_others_as_they_were()
    {
        Value x = Network.Input("x", 4);
        Model small = Model.Initialize(x.Dense(3, name: "a").Dense(2, name: "c").Build("small"), seed: 7);
        Model large = Model.Initialize(x.Dense(3, name: "a").Dense(3, name: "b").Dense(2, name: "c").Build("large"), seed: 7);
        Assert.Multiple(() =>
        {
            Assert.That(large.Weights["a/weight"].Floats(), Is.EqualTo(small.Weights["a/weight"].Floats()));
            Assert.That(large.Weights["c/weight"].Floats(), Is.EqualTo(small.Weights["c/weight"].Floats()));
        });
    }

    [TestCase(0)]
    [TestCase(double.NaN)]
    public void A_scale_out_of_range_is_refused(double scale) =>
        Assert.That(() => Initializer.VarianceScaling(scale), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_deviation_out_of_range_is_refused(double deviation) =>
        Assert.That(() => Initializer.Gaussian(deviation), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static readonly string[] HeBits = ["BF880C57", "BF0FCFB5", "BF281652", "BDF43669"];

    private static readonly string[] XavierBits = ["3F329FC0", "3EA0304A", "3DE43DE0", "3E9B1CD1"];

    private static string[] Bits(float[] numbers) => [.. numbers.Select(x => $"{BitConverter.SingleToUInt32Bits(x):X8}")];

    private static float[] Draw(Initializer initializer, string name, long[] dims, long seed = 3) =>
        initializer.Draw(new Parameter(Label.Fixed(name), TensorType.Float(dims.Select(d => (Dimension)d)), initializer, ParameterRole.Weight), seed).Floats();

    private static TestCaseData Case(string name, Initializer initializer, long[] dims, double variance) =>
        new TestCaseData(initializer, dims, variance).SetArgDisplayNames(name);
}

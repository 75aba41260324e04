using Cnn.Graph.Randomness;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Randomness;

/// <summary>The vectors here must never change: initial parameters, sample orders and dropout masks of saved runs hang on them.</summary>
public class CounterRandomTests
{
    [Test]
    public void Bits_are_the_published_numbers_of_SplitMix64()
    {
        var random = CounterRandom.FromKey(1234567);

        ulong[] bits = [.. Enumerable.Range(0, 5).Select(i => random.Bits(i))];

        Assert.That(bits, Is.EqualTo(new[]
        {
            6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL,
        }));
    }

    [TestCase("", 0xCBF29CE484222325UL)]
    [TestCase("a", 0xAF63DC4C8601EC8CUL)]
    [TestCase("foobar", 0x85944171F73967E8UL)]
    public void Stream_names_are_hashed_with_FNV1a(string text, ulong hash) => Assert.That(CounterRandom.Fnv1a(text), Is.EqualTo(hash));

    [Test]
    public void Seed_stream_and_substream_give_fixed_bits() => Assert.Multiple(() =>
    {
        Assert.That(new CounterRandom(0, "shuffle").Bits(0), Is.EqualTo(0x70C453021341794EUL));
        Assert.That(new CounterRandom(-1, "conv1/weight").Bits(7), Is.EqualTo(0x82932E4877C7CF9BUL));
        Assert.That(new CounterRandom(42, "dropout").Substream(3).Bits(1), Is.EqualTo(0x27E138ABE8065753UL));
    });

    [Test]
    public void Floats_give_fixed_bits()
    {
        var random = new CounterRandom(42, "init");
        var uniform = new float[3];
        var gaussian = new float[5];

        random.FillUniform(uniform, -0.5f, 0.5f);
        random.FillGaussian(gaussian, 0, 1);

        Assert.That(uniform.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(new uint[] { 0x3EB54BEF, 0xBEEF734B, 0x3EF8C84D }));
        Assert.That(gaussian.Select(BitConverter.SingleToUInt32Bits),
            Is.EqualTo(new uint[] { 0x3F0CD25B, 0x3DE7FFE2, 0x3DB12814, 0x3E141444, 0xBE7A1E5F }));
        Assert.That(gaussian.Select((_, i) => (float)random.Gaussian(i)), Is.EqualTo(gaussian));
    }

    [Test]
    public void Streams_seeds_and_substreams_differ()
    {
        CounterRandom[] streams =
        [
            new(0, "a"), new(0, "b"), new(1, "a"), new CounterRandom(0, "a").Substream(0), new CounterRandom(0, "a").Substream(1),
        ];

        Assert.That(streams.Select(s => s.Bits(0)), Is.Unique);
    }

    [Test]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        var random = new CounterRandom(7, "uniform");
        var counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            double x = (i & 1) == 0 ? random.Uniform(i) : random.UniformDouble(i);
            Assert.That(x, Is.InRange(0, 1).And.LessThan(1));
            counts[(int)(x * 10)]++;
        }

        Assert.That(counts, Is.All.InRange(9_600, 10_400));
    }

    [Test]
    public void Gaussian_numbers_have_the_normal_moments()
    {
        var values = new float[200_001];
        new CounterRandom(7, "gaussian").FillGaussian(values, mean: 2, standardDeviation: 3);

        double mean = values.Average(v => (double)v);
        double variance = values.Average(v => Math.Pow(v - mean, 2));
        double kurtosis = values.Average(v => Math.Pow(v - mean, 4)) / (variance * variance);

        Assert.That(mean, Is.EqualTo(2).Within(0.03));
        Assert.That(Math.Sqrt(variance), Is.EqualTo(3).Within(0.03));
        Assert.That(kurtosis, Is.EqualTo(3).Within(0.06));
        Assert.That(values, Is.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Uniform_fill_stays_below_its_upper_bound()
    {
        var values = new float[10_000];
        float low = 1f;
        float high = MathF.BitIncrement(MathF.BitIncrement(low)); // so narrow that rounding reaches the bound
        new CounterRandom(0, "narrow").FillUniform(values, low, high);

        Assert.That(values, Is.All.InRange(low, MathF.BitDecrement(high)));
    }

    [Test]
    public void Below_covers_its_range_and_nothing_else()
    {
        var random = new CounterRandom(0, "below");

        Assert.That(Enumerable.Range(0, 1000).Select(i => random.Below(i, 6)).Distinct().Order(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(() => random.Below(0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}

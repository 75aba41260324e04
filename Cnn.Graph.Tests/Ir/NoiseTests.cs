using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>What is drawn for the noise inputs of a training step.</summary>
public class NoiseTests
{
    private const int Count = 100_000;

    [TestCase(0.75f, 4 / 3f)]
    [TestCase(0.5f, 1f)]
    [TestCase(1f, 1f)]
    public void A_mask_keeps_with_its_probability(float keep, float kept)
    {
        float[] mask = Drawn(new MaskNoise(keep, kept), "mask");
        Assert.That(mask.Distinct(), Is.SubsetOf(new[] { 0, kept }));
        // Four standard deviations.
        Assert.That(mask.Count(m => m > 0) / (double)Count, Is.EqualTo(keep).Within((4 * Math.Sqrt(keep * (1 - keep) / Count)) + 1e-12));
    }

    [Test]
    public void Uniform_noise_lies_from_0_to_below_1_and_fills_it_evenly()
    {
        float[] numbers = Drawn(new UniformNoise(), "noise");
        Assert.That(numbers, Is.All.InRange(0, MathF.BitDecrement(1)));
        for (int tenth = 0; tenth < 10; tenth++)
        {
            double share = numbers.Count(u => (int)(u * 10) == tenth) / (double)Count;
            Assert.That(share, Is.EqualTo(0.1).Within(4 * 0.3 / Math.Sqrt(Count)), $"{tenth}");
        }
    }

    /// <summary>As a short Python program computes them from the description of the generator; trainings go on with them.</summary>
    [Test]
    public void The_numbers_are_these()
    {
        var random = new CounterRandom(7, "dropout");
        Assert.Multiple(() =>
        {
            float[] mask = new float[12], noise = new float[3];
            new MaskNoise(0.5f, 2).Fill(mask, random);
            new UniformNoise().Fill(noise, random);
            Assert.That(string.Concat(mask.Select(m => m > 0 ? '1' : '0')), Is.EqualTo("101010110010"));
            Assert.That(noise, Is.EqualTo(new[] { 0.2677083474137618f, 0.8572599207424559f, 0.12448218182208548f }));
        });
    }

    private static float[] Drawn(Noise noise, string stream)
    {
        var numbers = new float[Count];
        noise.Fill(numbers, new CounterRandom(1, stream));
        return numbers;
    }
}

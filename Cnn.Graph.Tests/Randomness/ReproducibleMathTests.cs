using Cnn.Graph.Randomness;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Randomness;

public class ReproducibleMathTests
{
    [Test]
    public void Log_agrees_with_the_library_s()
    {
        var random = new CounterRandom(0, "log");
        double[] arguments = [1, double.BitDecrement(1), 0.5, 1.0 / (1L << 53), 1e-300, 1e300,
            .. Enumerable.Range(0, 10_000).Select(i => random.UniformDouble(i))];

        foreach (double x in arguments)
        {
            Assert.That(ReproducibleMath.Log(x), Is.EqualTo(Math.Log(x)).Within(1e-15 * Math.Max(1, Math.Abs(Math.Log(x)))), $"ln {x}");
        }
    }

    [Test]
    public void Sine_and_cosine_agree_with_the_library_s()
    {
        var random = new CounterRandom(0, "turns");
        double[] turns = [0, 0.125, 0.25, 0.375, 0.5, 0.75, 1, .. Enumerable.Range(0, 10_000).Select(i => random.UniformDouble(i))];

        foreach (double turn in turns)
        {
            (double sin, double cos) = ReproducibleMath.SinCosOfTurn(turn);
            Assert.That(sin, Is.EqualTo(Math.Sin(turn * Math.Tau)).Within(1.5e-15), $"sine of {turn} turns");
            Assert.That(cos, Is.EqualTo(Math.Cos(turn * Math.Tau)).Within(1.5e-15), $"cosine of {turn} turns");
        }
    }
}

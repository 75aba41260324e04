using Cnn.Graph.Randomness;

namespace Cnn.Graph.Ir;

/// <summary>How the numbers of a noise input are drawn at every step, each on its own.</summary>
public abstract record Noise
{
    /// <summary>Draws one number for each counter from 0.</summary>
    internal abstract void Fill(Span<float> numbers, CounterRandom random);
}

/// <summary>Uniform numbers in [0, 1).</summary>
public sealed record UniformNoise : Noise
{
    internal override void Fill(Span<float> numbers, CounterRandom random) => random.FillUniform(numbers, 0, 1);
}

/// <summary>A mask that keeps or drops: one number with a probability, 0 else.</summary>
/// <param name="KeepProbability">The probability of being kept.</param>
/// <param name="Kept">What stands where something is kept.</param>
public sealed record MaskNoise(float KeepProbability, float Kept) : Noise
{
    internal override void Fill(Span<float> numbers, CounterRandom random)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.Uniform(i) < KeepProbability ? Kept : 0;
        }
    }
}

using System.Text;

namespace Cnn.Graph.Randomness;

/// <summary>
/// Random numbers by position instead of by state: the number at a counter is a pure function of seed, stream and counter, so that
/// initial parameters, sample orders and dropout masks do not depend on who drew before, on threads or on .NET's version.
/// </summary>
/// <remarks>
/// The numbers of one stream are those of SplitMix64 (Steele, Lea, Flood 2014) started at the stream's key; the n-th one is reached
/// directly because SplitMix64's state is a multiple of a constant. Keys come from the seed and the FNV-1a hash of the stream's name.
/// Not for cryptography.
/// </remarks>
internal readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    private CounterRandom(ulong key) => _key = key;

    /// <summary>The stream of that name.</summary>
    /// <param name="seed">What the user calls the seed; every value is as good as any other.</param>
    /// <param name="stream">What the numbers are for, such as <c>shuffle</c> or a parameter's name.</param>
    public CounterRandom(long seed, string stream)
        : this(Mix(Mix(unchecked((ulong)seed + Golden)) ^ Fnv1a(stream)))
    {
    }

    /// <summary>The stream whose numbers are those of SplitMix64 seeded with <paramref name="key"/>.</summary>
    public static CounterRandom FromKey(ulong key) => new(key);

    /// <summary>An independent stream for each index, such as one per epoch or step.</summary>
    public CounterRandom Substream(long index) => new(Mix(_key ^ Mix(unchecked((ulong)index + Golden))));

    /// <summary>64 random bits.</summary>
    public ulong Bits(long counter) => Mix(unchecked(_key + (((ulong)counter + 1) * Golden)));

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float Uniform(long counter) => (Bits(counter) >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double UniformDouble(long counter) => (Bits(counter) >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform among 0 … <paramref name="bound"/> − 1; the bias of the multiply-high method is below 2⁻³³.</summary>
    public int Below(long counter, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(counter), (ulong)bound, out _);
    }

    /// <summary>Standard normal, by Box–Muller; counters 2k and 2k + 1 share the two halves of one pair.</summary>
    public double Gaussian(long counter)
    {
        (double even, double odd) = GaussianPair(counter & ~1L);
        return (counter & 1) == 0 ? even : odd;
    }

    /// <summary>Fills with uniform numbers in [<paramref name="low"/>, <paramref name="high"/>), element i from counter i.</summary>
    public void FillUniform(Span<float> values, float low, float high)
    {
        double range = (double)high - low;
        for (int i = 0; i < values.Length; i++)
        {
            // Rounding to float may reach the upper bound, which is not part of the interval.
            float value = (float)(low + (range * UniformDouble(i)));
            values[i] = value < high ? value : MathF.Max(low, MathF.BitDecrement(high));
        }
    }

    /// <summary>Fills with normal numbers, element i from counter i.</summary>
    public void FillGaussian(Span<float> values, float mean, float standardDeviation)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            (double even, double odd) = GaussianPair(i);
            values[i] = (float)(mean + (standardDeviation * even));
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(mean + (standardDeviation * odd));
            }
        }
    }

    /// <summary>Puts elements into random order (Fisher–Yates), the same one for the same stream and length.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = Below(i, i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>The 64-bit FNV-1a hash of the text's UTF-8 bytes; unlike <see cref="string.GetHashCode()"/>, the same everywhere.</summary>
    public static ulong Fnv1a(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 0x100000001B3);
        }

        return hash;
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private (double Even, double Odd) GaussianPair(long counter)
    {
        double u = ((Bits(counter) >> 11) + 1) * (1.0 / (1L << 53)); // (0, 1]: its logarithm is finite
        double radius = Math.Sqrt(-2 * ReproducibleMath.Log(u));
        (double sin, double cos) = ReproducibleMath.SinCosOfTurn(UniformDouble(counter + 1));
        return (radius * cos, radius * sin);
    }
}

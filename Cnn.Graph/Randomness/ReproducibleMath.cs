namespace Cnn.Graph.Randomness;

/// <summary>
/// Logarithm, sine and cosine from IEEE arithmetic alone. <see cref="Math.Log(double)"/> and its like come from the C library and
/// may differ in the last bit between systems; initial parameters must not.
/// </summary>
internal static class ReproducibleMath
{
    private const double Ln2 = 0.693147180559945309417;

    /// <summary>The natural logarithm, to within a few units in the last place.</summary>
    /// <param name="x">A positive normal number.</param>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.41421356237309515)
        {
            m *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh s, and |s| ≤ 0.172 makes eleven terms enough.
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double series = 0;
        for (int n = 21; n >= 1; n -= 2)
        {
            series = (series * z) + (1.0 / n);
        }

        return (exponent * Ln2) + (2 * s * series);
    }

    /// <summary>Sine and cosine of an angle given in turns: 0.25 is a right angle.</summary>
    /// <param name="turns">From 0 to 1.</param>
    public static (double Sin, double Cos) SinCosOfTurn(double turns)
    {
        int quarter = (int)((turns * 4) + 0.5);
        double a = (turns - (quarter * 0.25)) * Math.Tau; // within π/4 of the quarter turn
        double z = a * a;
        double sin = 1;
        double cos = 1;
        for (int n = 16; n >= 2; n -= 2)
        {
            sin = 1 - (sin * z / (n * (n + 1)));
            cos = 1 - (cos * z / (n * (n - 1)));
        }

        sin *= a;
        return (quarter & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph;

/// <summary>
/// How a parameter's first numbers are drawn. They depend on the seed and on the parameter's name only, not on the order in which
/// parameters are created, so that adding a layer leaves the others as they were.
/// </summary>
public abstract record Initializer
{
    /// <summary>All zeros; the default of biases.</summary>
    public static Initializer Zero { get; } = Constant(0);

    /// <summary>
    /// He et al. (2015): Gaussian with variance 2 / fan-in, made for rectifiers; fan-in = C/groups · kh · kw. The default of weights.
    /// </summary>
    public static Initializer He { get; } = new Scaled(fans => Math.Sqrt(2 / fans.In), IsGaussian: true);

    /// <summary>Glorot &amp; Bengio (2010), "Xavier": uniform with variance 2 / (fan-in + fan-out), made for tanh.</summary>
    public static Initializer Xavier { get; } = new Scaled(fans => Math.Sqrt(2 / (fans.In + fans.Out)), IsGaussian: false);

    /// <summary>Xavier with a Gaussian of the same variance.</summary>
    public static Initializer XavierGaussian { get; } = new Scaled(fans => Math.Sqrt(2 / (fans.In + fans.Out)), IsGaussian: true);

    /// <summary>The same number everywhere.</summary>
    /// <param name="value">The number.</param>
    public static Initializer Constant(double value) => new Filled(value);

    /// <summary>A Gaussian around zero with a fixed standard deviation, 0.01 in AlexNet.</summary>
    /// <param name="deviation">The standard deviation; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not a number.</exception>
    public static Initializer Gaussian(double deviation) => deviation >= 0 && double.IsFinite(deviation)
        ? new Scaled(_ => deviation, IsGaussian: true)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is a finite number of at least 0.");

    /// <summary>Draws the numbers of a variable.</summary>
    /// <param name="variable">The variable; its shape and name decide.</param>
    /// <param name="seed">The seed.</param>
    public TensorData Draw(Variable variable, long seed)
    {
        ArgumentNullException.ThrowIfNull(variable);
        long[] dims = variable.Shape.Sizes();
        var numbers = new float[TensorData.CountOf(dims)];
        Fill(numbers, Fans.Of(dims), new CounterRandom(seed, variable.Name));
        return TensorData.Of<float>(numbers, dims);
    }

    private protected abstract void Fill(Span<float> numbers, Fans fans, CounterRandom random);

    /// <summary>How many numbers feed an output and how many outputs a number feeds, after the layout [out, in, k…] of weights.</summary>
    private protected readonly record struct Fans(double In, double Out)
    {
        public static Fans Of(long[] dims)
        {
            long taps = dims.Skip(2).Aggregate(1L, (n, d) => n * d);
            return dims.Length < 2 ? new Fans(1, 1) : new Fans(dims[1] * taps, dims[0] * taps);
        }
    }

    private sealed record Filled(double Value) : Initializer
    {
        private protected override void Fill(Span<float> numbers, Fans fans, CounterRandom random) => numbers.Fill((float)Value);
    }

    private sealed record Scaled(Func<Fans, double> Deviation, bool IsGaussian) : Initializer
    {
        private protected override void Fill(Span<float> numbers, Fans fans, CounterRandom random)
        {
            double deviation = Deviation(fans);
            if (IsGaussian)
            {
                random.FillGaussian(numbers, 0, (float)deviation);
            }
            else
            {
                float bound = (float)(Math.Sqrt(3) * deviation);
                random.FillUniform(numbers, -bound, bound);
            }
        }
    }
}

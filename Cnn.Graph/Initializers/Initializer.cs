using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph;

/// <summary>
/// How a parameter's first numbers are drawn. They depend on the seed and on the parameter's name only, not on the order in which
/// parameters are created, so that adding a layer leaves the others as they were.
/// </summary>
public abstract partial record Initializer
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

    /// <summary>He et al. (2015) after the outputs: variance 2 / fan-out, fan-out = channels out · kh · kw; torchvision's ResNet and VGG.</summary>
    public static Initializer HeFanOut { get; } = new Scaled(fans => Math.Sqrt(2 / fans.Out), IsGaussian: true);

    /// <summary>LeCun et al. (1998): uniform in ±2.4 / fan-in.</summary>
    public static Initializer LeNet { get; } = new Scaled(fans => 2.4 / fans.In / Math.Sqrt(3), IsGaussian: false);

    /// <summary>
    /// Rows (outputs) of the weights, seen as a matrix, orthogonal to each other and of length 1; columns where there are more rows
    /// (Saxe et al., 2014).
    /// </summary>
    public static Initializer Orthogonal { get; } = new OrthogonalRows();

    /// <summary>Passes each channel on unchanged: 1 at the middle tap of output i and input i, 0 elsewhere.</summary>
    public static Initializer Identity { get; } = new MiddleTap();

    /// <summary>He's Gaussian for leaky rectifiers: variance 2 / ((1 + slope²) · fan-in).</summary>
    /// <param name="slope">The slope on the negative side.</param>
    public static Initializer HeLeaky(double slope) => new Scaled(fans => Math.Sqrt(2 / ((1 + (slope * slope)) * fans.In)), IsGaussian: true);

    /// <summary>A Gaussian whose numbers beyond two deviations are drawn again; its own deviation is 0.88 of the one given, as in TensorFlow.</summary>
    /// <param name="deviation">The standard deviation before cutting; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not a number.</exception>
    public static Initializer TruncatedNormal(double deviation) => deviation >= 0 && double.IsFinite(deviation)
        ? new Truncated(deviation)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is a finite number of at least 0.");

    /// <summary>Draws the numbers of a variable.</summary>
    /// <param name="variable">The variable; its shape and name decide.</param>
    /// <param name="seed">The seed.</param>
    public TensorData Draw(Variable variable, long seed)
    {
        ArgumentNullException.ThrowIfNull(variable);
        long[] dims = variable.Shape.Sizes();
        var numbers = new float[TensorData.CountOf(dims)];
        Fill(numbers, dims, Fans.Of(dims), new CounterRandom(seed, variable.Name));
        return TensorData.Of<float>(numbers, dims);
    }

    /// <summary>This initializer for weights whose shape does not tell their fans: one pair for all, or one for each row.</summary>
    internal Initializer WithFans(params IEnumerable<Fans> rows) => new Fanned(this, [.. rows]);

    private protected abstract void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random);
}

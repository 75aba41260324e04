using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph;

/// <summary>What the variance of first numbers goes by.</summary>
public enum Fan
{
    /// <summary>How many numbers feed an output: C/groups · kh · kw for a convolution.</summary>
    In,

    /// <summary>How many outputs a number feeds: channels out · kh · kw, whatever the groups.</summary>
    Out,

    /// <summary>The mean of both.</summary>
    Average,
}

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
    public static Initializer He { get; } = VarianceScaling(2);

    /// <summary>Glorot &amp; Bengio (2010), "Xavier": uniform with variance 2 / (fan-in + fan-out), made for tanh.</summary>
    public static Initializer Xavier { get; } = VarianceScaling(1, Fan.Average, isUniform: true);

    /// <summary>Xavier with a Gaussian of the same variance.</summary>
    public static Initializer XavierGaussian { get; } = VarianceScaling(1, Fan.Average);

    /// <summary>The same number everywhere.</summary>
    /// <param name="value">The number.</param>
    public static Initializer Constant(double value) => new Filled(value);

    /// <summary>Given numbers, whatever the seed.</summary>
    /// <param name="numbers">One for each element, row-major; drawing a variable of another size is an error.</param>
    public static Initializer Given(params IEnumerable<double> numbers) => new Listed([.. numbers.Select(n => (float)n)]);

    /// <summary>
    /// Variance <paramref name="scale"/> / fan, as Keras calls it: Caffe's "xavier" is 1 over the fan-in and uniform, PyTorch's usual start
    /// 1/3 over the fan-in and uniform; a gain g, such as 5/3 for tanh, makes the scale g².
    /// </summary>
    /// <param name="scale">The variance times the fan; above 0.</param>
    /// <param name="fan">What it is divided by.</param>
    /// <param name="isUniform">Whether the distribution is uniform in ±√(3 · variance) and not Gaussian.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not a finite number above 0.</exception>
    public static Initializer VarianceScaling(double scale, Fan fan = Fan.In, bool isUniform = false) => scale > 0 && double.IsFinite(scale)
        ? new Scaled(fans => Math.Sqrt(scale / fans.Of(fan)), !isUniform)
        : throw new ArgumentOutOfRangeException(nameof(scale), scale, "A scale of the variance is a finite number above 0.");

    /// <summary>A Gaussian around zero with a fixed standard deviation, 0.01 in AlexNet.</summary>
    /// <param name="deviation">The standard deviation; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not a number.</exception>
    public static Initializer Gaussian(double deviation) => deviation >= 0 && double.IsFinite(deviation)
        ? new Scaled(_ => deviation, IsGaussian: true)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is a finite number of at least 0.");

    /// <summary>
    /// He et al. (2015) after the outputs: variance 2 / fan-out, fan-out = channels out · kh · kw; torchvision's ResNet and VGG.
    /// </summary>
    public static Initializer HeFanOut { get; } = VarianceScaling(2, Fan.Out);

    /// <summary>LeCun et al. (1998): uniform in ±2.4 / fan-in.</summary>
    public static Initializer LeNet { get; } = new Scaled(fans => 2.4 / fans.In / Math.Sqrt(3), IsGaussian: false);

    /// <summary>
    /// Rows (outputs) of the weights, seen as a matrix, orthogonal to each other and of length 1; columns where there are more rows
    /// (Saxe et al., 2014).
    /// </summary>
    public static Initializer Orthogonal { get; } = new OrthogonalRows();

    /// <summary>
    /// −1 or 1, each as likely as the other; a code of such signs for each class is what the last layer of LeNet-5 compares with.
    /// </summary>
    public static Initializer RandomSigns { get; } = new Signs();

    /// <summary>Passes each channel on unchanged: 1 at the middle tap of output i and input i, 0 elsewhere.</summary>
    public static Initializer Identity { get; } = new MiddleTap();

    /// <summary>He's Gaussian for leaky rectifiers: variance 2 / ((1 + slope²) · fan-in).</summary>
    /// <param name="slope">The slope on the negative side.</param>
    public static Initializer HeLeaky(double slope) => VarianceScaling(2 / (1 + (slope * slope)));

    /// <summary>
    /// A Gaussian whose numbers beyond two deviations are drawn again; its own deviation is 0.88 of the one given, as in TensorFlow.
    /// </summary>
    /// <param name="deviation">The standard deviation before cutting; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not a number.</exception>
    public static Initializer TruncatedNormal(double deviation) => deviation >= 0 && double.IsFinite(deviation)
        ? new Truncated(deviation)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is a finite number of at least 0.");

    /// <summary>Draws the numbers of a variable.</summary>
    /// <param name="variable">The variable; its shape and name decide.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="CnnGraphException">The numbers were given, and they are not as many as the variable holds.</exception>
    public TensorData Draw(Variable variable, long seed)
    {
        ArgumentNullException.ThrowIfNull(variable);
        RequireFit(variable);
        long[] dims = variable.Shape.Sizes();
        var numbers = new float[TensorData.CountOf(dims)];
        Fill(numbers, dims, Fans.Of(dims), new CounterRandom(seed, variable.Name));
        return TensorData.Of<float>(numbers, dims);
    }

    private protected virtual void RequireFit(Variable variable)
    {
    }

    /// <summary>This initializer for weights whose shape does not tell their fans: one pair for all, or one for each row.</summary>
    internal Initializer WithFans(params IEnumerable<Fans> rows) => new Fanned(this, [.. rows]);

    private protected abstract void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random);
}

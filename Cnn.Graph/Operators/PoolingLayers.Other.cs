using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>Poolings other than by the largest element and by the plain mean.</content>
public static partial class PoolingLayers
{
    /// <summary>
    /// The root of the sum of squares under the window, √Σ x² (PyTorch's LPPool with p = 2; no mean is taken). The gradient of x is
    /// x / √Σ x², and 0 where all are zero.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="ceil">Whether H' and W' are rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>l2_pool1</c>… by default.</param>
    public static Value L2Pool2d(
        this Value input, Size2 kernel, Size2? stride = null, Padding padding = default, bool ceil = false, string? name = null) =>
        input.Apply(new L2Pool(Square(input, kernel, stride, padding, ceil)), Label.For("l2_pool", name));

    /// <summary>
    /// Stochastic pooling (Zeiler &amp; Fergus, 2013) of numbers that are not negative, such as a rectifier gives. In training each window
    /// gives one of its elements, drawn with probability a / Σ a, which alone gets the gradient; in use Σ a² / Σ a, 0 where all are zero.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default.</param>
    /// <param name="padding">Zeros around the picture, which are not drawn; none by default.</param>
    /// <param name="ceil">Whether H' and W' are rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>stochastic_pool1</c>… by default.</param>
    public static Value StochasticPool2d(
        this Value input, Size2 kernel, Size2? stride = null, Padding padding = default, bool ceil = false, string? name = null) =>
        input.Apply(new StochasticPool(Square(input, kernel, stride, padding, ceil)), Label.For("stochastic_pool", name));

    /// <summary>
    /// The median of the window, which removes single bad pixels; for an even number of pixels the mean of the middle two. The gradient
    /// goes to the pixel that is the median. There is no padding, since what is added would count: pad the picture first if its size is to
    /// stay.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default.</param>
    /// <param name="name">The layer's name; <c>median_pool1</c>… by default.</param>
    public static Value MedianPool2d(this Value input, Size2 kernel, Size2? stride = null, string? name = null)
    {
        Label label = Label.For("median_pool", name);
        Window window = Square(input, kernel, stride);
        int middle = window.Taps / 2;
        Value median = input.Apply(new RankPool(window, middle), label);
        if (window.Taps % 2 != 0 || median.Type.IsUnknown)
        {
            return median;
        }

        Value lower = input.Apply(new RankPool(window, middle - 1), label.Child("lower"));
        Value upper = input.Apply(new RankPool(window, middle), label.Child("upper"));
        Value sum = new Node(new Add(), label.Child("sum"), [lower, upper]).Output;
        return new Node(new Mul(), label, [sum, Arithmetic.Number(0.5, input)]).Output;
    }

    /// <summary>
    /// A mean that counts pixels less the farther they are from the window's middle: with the weights exp(−distance² / 2σ²), divided by
    /// the sum of those weights whose pixels are real (the weighted average of Goodfellow et al., Deep Learning, 9.3).
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default.</param>
    /// <param name="padding">Pixels around the picture, which do not count; none by default.</param>
    /// <param name="sigma">The standard deviation in pixels; at least a tenth of the kernel.</param>
    /// <param name="ceil">Whether H' and W' are rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>distance_weighted_pool1</c>… by default.</param>
    public static Value DistanceWeightedPool2d(
        this Value input,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        double sigma = 1,
        bool ceil = false,
        string? name = null)
    {
        var op = new DistanceWeightedPool(Square(input, kernel, stride, padding, ceil), sigma);
        return input.Apply(op, Label.For("distance_weighted_pool", name));
    }

    /// <summary>
    /// Subsampling as in LeNet-5 (LeCun et al., 1998): coefficient · sum of the window + bias, one pair a channel; 2·C parameters. An
    /// activation belongs behind it.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default.</param>
    /// <param name="coefficientInitializer">
    /// How the coefficients start; 1 / pixels by default, so that the layer begins as average pooling. LeNet-5 drew them, like all its
    /// weights, uniformly from ±2.4 / inputs: ±0.6 for a window of 2x2.
    /// </param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>subsampling1</c>… by default.</param>
    public static Value TrainableSubsampling2d(
        this Value input,
        Size2 kernel,
        Size2? stride = null,
        Initializer? coefficientInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        Label label = Label.For("subsampling", name);
        Window window = Square(input, kernel, stride);
        var op = new AveragePool(window, CountPadding: false);
        Value mean = input.Apply(op, label.Child("mean"));
        if (mean.Type.IsUnknown)
        {
            return input.Apply(op, label);
        }

        TensorType type = TensorType.Float(input.Shape[1], 1, 1);
        var coefficient = new Parameter(
            label.Child("coefficient"), type, coefficientInitializer ?? Initializer.Constant(1.0 / window.Taps), ParameterRole.Scale);
        var bias = new Parameter(label.Child("bias"), type, biasInitializer ?? Initializer.Zero, ParameterRole.Bias);
        Value factor = new Node(new Mul(), label.Child("factor"), [coefficient, Arithmetic.Number(window.Taps, input)]).Output;
        Value scaled = new Node(new Mul(), label.Child("scaled"), [mean, factor]).Output;
        return new Node(new Add(), label, [scaled, bias]).Output;
    }

    private static Window Square(Value input, Size2 kernel, Size2? stride, Padding padding = default, bool ceil = false) =>
        Window.For(input, kernel, stride ?? kernel, dilation: null, padding, ceil);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>Pooling layers: a window over each channel on its own.</summary>
public static partial class PoolingLayers
{
    /// <summary>
    /// Max pooling: [N, C, H, W] → [N, C, H', W'] with H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. The gradient of
    /// a window goes to its first maximum in row-major order.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default, so that windows tile the picture.</param>
    /// <param name="padding">
    /// Pixels around the picture that never win; none by default. Less than the kernel, with what rounding up adds.
    /// </param>
    /// <param name="dilation">Pixels between neighbouring taps of the window; 1 by default.</param>
    /// <param name="ceil">
    /// Whether H' is rounded up instead, as in Caffe (PyTorch's <c>ceil_mode</c>): a last window may hang over the end, but none starts
    /// behind the picture and the padding before it.
    /// </param>
    /// <param name="name">The layer's name; <c>max_pool1</c>… by default.</param>
    public static Value MaxPool2d(
        this Value input,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        bool ceil = false,
        string? name = null) =>
        Max(input, kernel.ToArray(), (stride ?? kernel).ToArray(), (dilation ?? 1).ToArray(), padding, ceil, name);

    /// <summary>Max pooling of signals: [N, C, W] → [N, C, W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Signals [N, C, W].</param>
    /// <param name="kernel">The window's width.</param>
    /// <param name="stride">Elements from one window to the next; the kernel by default.</param>
    /// <param name="padding">Elements before and behind the signal that never win; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the window; 1 by default.</param>
    /// <param name="ceil">Whether W' is rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>max_pool1</c>… by default.</param>
    public static Value MaxPool1d(
        this Value input,
        int kernel,
        int? stride = null,
        Padding padding = default,
        int dilation = 1,
        bool ceil = false,
        string? name = null) =>
        Max(input, [kernel], [stride ?? kernel], [dilation], padding, ceil, name);

    /// <summary>Max pooling of volumes or clips: [N, C, D, H, W] → [N, C, D', H', W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Volumes [N, C, D, H, W].</param>
    /// <param name="kernel">The window's depth, height and width.</param>
    /// <param name="stride">Elements from one window to the next; the kernel by default.</param>
    /// <param name="padding">Elements around the volume that never win; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the window; 1 by default.</param>
    /// <param name="ceil">Whether the sizes are rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>max_pool1</c>… by default.</param>
    public static Value MaxPool3d(
        this Value input,
        Size3 kernel,
        Size3? stride = null,
        Padding padding = default,
        Size3? dilation = null,
        bool ceil = false,
        string? name = null) =>
        Max(input, kernel.ToArray(), (stride ?? kernel).ToArray(), (dilation ?? 1).ToArray(), padding, ceil, name);

    /// <summary>Average pooling: [N, C, H, W] → [N, C, H', W'] with H' = ⌊(H + padding − kernel) / stride⌋ + 1.</summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The window's height and width in pixels.</param>
    /// <param name="stride">Pixels from one window to the next; the kernel by default, so that windows tile the picture.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="countPadding">
    /// Whether those zeros count as elements of the mean (Caffe's and PyTorch's default) or not (TensorFlow's, and here).
    /// </param>
    /// <param name="ceil">
    /// Whether H' is rounded up instead, as in Caffe (PyTorch's <c>ceil_mode</c>). What a last window then sees beyond the padding never
    /// counts.
    /// </param>
    /// <param name="name">The layer's name; <c>average_pool1</c>… by default.</param>
    public static Value AveragePool2d(
        this Value input,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        bool countPadding = false,
        bool ceil = false,
        string? name = null) =>
        Average(input, kernel.ToArray(), (stride ?? kernel).ToArray(), padding, countPadding, ceil, name);

    /// <summary>Average pooling of signals: [N, C, W] → [N, C, W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Signals [N, C, W].</param>
    /// <param name="kernel">The window's width.</param>
    /// <param name="stride">Elements from one window to the next; the kernel by default.</param>
    /// <param name="padding">Zeros before and behind the signal; none by default.</param>
    /// <param name="countPadding">Whether those zeros count as elements of the mean.</param>
    /// <param name="ceil">Whether W' is rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>average_pool1</c>… by default.</param>
    public static Value AveragePool1d(
        this Value input,
        int kernel,
        int? stride = null,
        Padding padding = default,
        bool countPadding = false,
        bool ceil = false,
        string? name = null) =>
        Average(input, [kernel], [stride ?? kernel], padding, countPadding, ceil, name);

    /// <summary>Average pooling of volumes or clips: [N, C, D, H, W] → [N, C, D', H', W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Volumes [N, C, D, H, W].</param>
    /// <param name="kernel">The window's depth, height and width.</param>
    /// <param name="stride">Elements from one window to the next; the kernel by default.</param>
    /// <param name="padding">Zeros around the volume; none by default.</param>
    /// <param name="countPadding">Whether those zeros count as elements of the mean.</param>
    /// <param name="ceil">Whether the sizes are rounded up instead of down.</param>
    /// <param name="name">The layer's name; <c>average_pool1</c>… by default.</param>
    public static Value AveragePool3d(
        this Value input,
        Size3 kernel,
        Size3? stride = null,
        Padding padding = default,
        bool countPadding = false,
        bool ceil = false,
        string? name = null) =>
        Average(input, kernel.ToArray(), (stride ?? kernel).ToArray(), padding, countPadding, ceil, name);

    /// <summary>The mean of each channel, whatever the size of the picture: [N, C, H, W] → [N, C, 1, 1] (Lin et al., 2014).</summary>
    /// <param name="input">Pictures [N, C, H, W], or signals or volumes.</param>
    /// <param name="name">The layer's name; <c>global_average_pool1</c>… by default.</param>
    public static Value GlobalAveragePool(this Value input, string? name = null) =>
        input.Apply(new GlobalAveragePool(), Label.For("global_average_pool", name));

    /// <summary>
    /// The largest element of each channel: [N, C, H, W] → [N, C, 1, 1]. The gradient goes to the first one in row-major order.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W], or signals or volumes.</param>
    /// <param name="name">The layer's name; <c>global_max_pool1</c>… by default.</param>
    public static Value GlobalMaxPool(this Value input, string? name = null) =>
        input.Apply(new GlobalMaxPool(), Label.For("global_max_pool", name));

    private static Value Max(Value input, int[] kernel, int[] stride, int[] dilation, Padding padding, bool ceil, string? name) =>
        input.Apply(new MaxPool(Window.For(input, kernel, stride, dilation, padding, ceil)), Label.For("max_pool", name));

    private static Value Average(Value input, int[] kernel, int[] stride, Padding padding, bool countPadding, bool ceil, string? name)
    {
        int[] dilation = [.. kernel.Select(_ => 1)];
        Window declared = Window.For(input, kernel, stride, dilation, padding);
        Window window = ceil ? Window.For(input, kernel, stride, dilation, padding, ceil) : declared;
        var op = new AveragePool(window, countPadding);
        Label label = Label.For("average_pool", name);
        Value mean = input.Apply(op, label);
        if (!countPadding || mean.Type.IsUnknown || window.PadEnd.SequenceEqual(declared.PadEnd))
        {
            return mean;
        }

        // ONNX would count what rounding up added along with the padding that was asked for.
        double[] counts = window.Covered(input.Shape, declared.PadBegin, declared.PadEnd, [.. kernel.Select(Ones)]);
        Value all = input.Apply(op, label.Child("all"));
        return new Node(new Mul(), label, [all, PerPosition(window, input, counts.Select(count => window.Taps / count))]).Output;
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    /// <summary>A number for every position of the window, [H', W'].</summary>
    private static Constant PerPosition(Window window, Value input, IEnumerable<double> numbers) =>
        Constants.Floats([.. numbers.Select(n => (float)n)], window.OutputSizes(input.Shape), input.Type.Element);
}

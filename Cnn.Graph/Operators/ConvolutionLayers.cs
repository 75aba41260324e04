using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>Convolution layers. Like all of the field they compute cross-correlations: the kernel is not flipped.</summary>
public static partial class ConvolutionLayers
{
    /// <summary>
    /// A 2-D convolution: [N, C, H, W] → [N, channels, H', W'] with H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.
    /// It has channels · (C/groups · kernel² + 1) parameters (less the biases without <paramref name="bias"/>).
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="channels">The number of kernels, that is of output channels.</param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split; C for a depthwise convolution.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv2d(
        this Value input,
        int channels,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.For(input, kernel, stride, dilation, padding);
        return Convolve(input, new Conv(window, groups), channels, bias, weightInitializer, biasInitializer, Label.For("conv", name));
    }

    /// <summary>A 1-D convolution, over time say: [N, C, W] → [N, channels, W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Signals [N, C, W].</param>
    /// <param name="channels">The number of kernels, that is of output channels.</param>
    /// <param name="kernel">The kernel's width.</param>
    /// <param name="stride">Elements from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros before and behind the signal; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv1d(
        this Value input,
        int channels,
        int kernel,
        int stride = 1,
        Padding padding = default,
        int dilation = 1,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.For(input, [kernel], [stride], [dilation], padding);
        return Convolve(input, new Conv(window, groups), channels, bias, weightInitializer, biasInitializer, Label.For("conv", name));
    }

    /// <summary>
    /// A 3-D convolution, over volumes or clips: [N, C, D, H, W] → [N, channels, D', H', W']. Everything else is as in 2-D.
    /// </summary>
    /// <param name="input">Volumes [N, C, D, H, W].</param>
    /// <param name="channels">The number of kernels, that is of output channels.</param>
    /// <param name="kernel">The kernel's depth, height and width.</param>
    /// <param name="stride">Elements from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the volume; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv3d(
        this Value input,
        int channels,
        Size3 kernel,
        Size3? stride = null,
        Padding padding = default,
        Size3? dilation = null,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.For(input, kernel, stride, dilation, padding);
        return Convolve(input, new Conv(window, groups), channels, bias, weightInitializer, biasInitializer, Label.For("conv", name));
    }

    private static Value Convolve(
        Value input,
        Conv op,
        int channels,
        bool bias,
        Initializer? weightInitializer,
        Initializer? biasInitializer,
        Label label,
        params IEnumerable<string> faults)
    {
        string[] all = [.. faults, .. channels < 1 ? [$"`channels` (={channels}) must be at least 1."] : Array.Empty<string>()];
        Parameter weight = Kernels(input, op, KernelsOf(input, op, channels), weightInitializer ?? Initializer.He, label, all);
        return WithBias(input, op, weight, channels, bias, biasInitializer, label, all);
    }

    /// <summary>[channels, C/groups, …]. A wrong rank is the operator's to report; the kernels only need some shape until then.</summary>
    private static Shape KernelsOf(Value input, Conv op, int channels) =>
        new([channels, Channels(input, op.Window) / Math.Max(op.Groups, 1), .. Taps(op.Window)]);

    private static Parameter Kernels(Value input, Operator op, Shape shape, Initializer initializer, Label label, string[] faults)
    {
        bool isSound = !input.Type.IsUnknown && faults.Length == 0 && !op.CheckSettings().Any();
        TensorType type = isSound ? new TensorType(ElementType.Float, shape) : TensorType.Unknown;
        return new Parameter(label.Child("weight"), type, initializer, ParameterRole.Weight);
    }

    private static Value WithBias(
        Value input, Operator op, Value weight, int channels, bool bias, Initializer? initializer, Label label, string[] faults)
    {
        Value[] biases = bias
            ? [new Parameter(label.Child("bias"), TensorType.Float(channels), initializer ?? Initializer.Zero, ParameterRole.Bias)]
            : [];
        return new Node(op, label, [input, weight, .. biases], faults).Output;
    }

    private static long Channels(Value input, Window window) => input.Shape.Rank == window.Rank + 2 ? input.Shape[1].Size : 1;

    private static IEnumerable<Dimension> Taps(Window window) => window.Kernel.Select(k => (Dimension)k);
}

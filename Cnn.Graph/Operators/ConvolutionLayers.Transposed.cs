using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>Transposed convolutions, which make pictures larger ("deconvolutions").</content>
public static partial class ConvolutionLayers
{
    /// <summary>
    /// A transposed 2-D convolution: [N, C, H, W] → [N, channels, H', W'] with
    /// H' = (H − 1) · stride − padding + dilation · (kernel − 1) + outputPadding + 1, where the padding is that of both sides. Every pixel
    /// adds its kernel, times its value, to the output around its place: the adjoint of the convolution with the same settings from
    /// <c>channels</c> to C. Its weights [C, channels/groups, kh, kw] are PyTorch's.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="stride">Pixels that one pixel moves the window in the output; 1 by default.</param>
    /// <param name="padding">
    /// Pixels taken away around the output; none by default. <see cref="Padding.Same"/> gives H · stride where the kernel is at least as
    /// large as the stride.
    /// </param>
    /// <param name="outputPadding">Rows and columns added at the output's bottom and right; less than the stride, none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default, fan-in C/groups · kernel².</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv_transpose1</c>… by default.</param>
    public static Value ConvTranspose2d(
        this Value input,
        int channels,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        Size2? outputPadding = null,
        Size2? dilation = null,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.Back(input, kernel.ToArray(), (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
        var op = new ConvTranspose(window, groups, (outputPadding ?? 0).ToArray());
        return Transposed(input, op, channels, bias, weightInitializer, biasInitializer, name);
    }

    /// <summary>A transposed 1-D convolution: [N, C, W] → [N, channels, W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Signals [N, C, W].</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="kernel">The kernel's width.</param>
    /// <param name="stride">Elements that one element moves the window in the output; 1 by default.</param>
    /// <param name="padding">Elements taken away at both ends of the output; none by default.</param>
    /// <param name="outputPadding">Elements added at the output's end; less than the stride, none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv_transpose1</c>… by default.</param>
    public static Value ConvTranspose1d(
        this Value input,
        int channels,
        int kernel,
        int stride = 1,
        Padding padding = default,
        int outputPadding = 0,
        int dilation = 1,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var op = new ConvTranspose(Window.Back(input, [kernel], [stride], [dilation], padding), groups, [outputPadding]);
        return Transposed(input, op, channels, bias, weightInitializer, biasInitializer, name);
    }

    /// <summary>A transposed 3-D convolution: [N, C, D, H, W] → [N, channels, D', H', W']. Everything else is as in 2-D.</summary>
    /// <param name="input">Volumes [N, C, D, H, W].</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="kernel">The kernel's depth, height and width.</param>
    /// <param name="stride">Elements that one element moves the window in the output; 1 by default.</param>
    /// <param name="padding">Elements taken away around the output; none by default.</param>
    /// <param name="outputPadding">Elements added at the end of each axis; less than the stride, none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>conv_transpose1</c>… by default.</param>
    public static Value ConvTranspose3d(
        this Value input,
        int channels,
        Size3 kernel,
        Size3? stride = null,
        Padding padding = default,
        Size3? outputPadding = null,
        Size3? dilation = null,
        int groups = 1,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.Back(input, kernel.ToArray(), (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
        var op = new ConvTranspose(window, groups, (outputPadding ?? 0).ToArray());
        return Transposed(input, op, channels, bias, weightInitializer, biasInitializer, name);
    }

    private static Value Transposed(
        Value input, ConvTranspose op, int channels, bool bias, Initializer? weightInitializer, Initializer? biasInitializer, string? name)
    {
        Label label = Label.For("conv_transpose", name);
        int groups = Math.Max(op.Groups, 1);
        string[] faults = channels < 1
            ? [$"`channels` (={channels}) must be at least 1."]
            : channels % groups != 0
                ? [$"`channels` (={channels}) must be divisible by `groups` (={groups})."]
                : [];
        long from = Channels(input, op.Window);
        // What feeds what is that of a convolution from C to the output's channels; the layout alone would say the reverse.
        var fans = new Initializer.Fans((double)from / groups * op.Window.Taps, (double)channels * op.Window.Taps);
        Shape shape = new([from, channels / groups, .. Taps(op.Window)]);
        Parameter weight = Kernels(input, op, shape, (weightInitializer ?? Initializer.He).WithFans(fans), label, faults);
        return WithBias(input, op, weight, channels, bias, biasInitializer, label, faults);
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>Convolutions that look at places and at channels in two steps, which takes far fewer parameters.</content>
public static partial class ConvolutionLayers
{
    /// <summary>
    /// A depthwise convolution: [N, C, H, W] → [N, C · multiplier, H', W'], every channel with kernels of its own and nothing across
    /// channels: C · multiplier · (kernel² + 1) parameters. It is a <c>Conv2d</c> of C groups.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="multiplier">Kernels, and so output channels, for each channel.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default, with a fan-in of kernel².</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>depthwise_conv1</c>… by default.</param>
    public static Value DepthwiseConv2d(
        this Value input,
        Size2 kernel,
        int multiplier = 1,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var window = Window.For(input, kernel, stride, dilation, padding);
        int groups = (int)Math.Max(Channels(input, window), 1), channels = groups * Math.Max(multiplier, 1);
        string[] faults = multiplier < 1 ? [$"`multiplier` (={multiplier}) must be at least 1."] : [];
        var op = new Conv(window, groups);
        return Convolve(input, op, channels, bias, weightInitializer, biasInitializer, Label.For("depthwise_conv", name), faults);
    }

    /// <summary>
    /// A depthwise convolution, then a 1x1 convolution over its channels (Xception, MobileNet; Sifre 2014), nothing between: [N, C, H, W] →
    /// [N, channels, H', W'] with C · multiplier · (kernel² + channels) weights and the biases of the second step.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="channels">The number of output channels.</param>
    /// <param name="kernel">The depthwise kernel's height and width in pixels.</param>
    /// <param name="multiplier">Depthwise kernels for each channel.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels of both steps start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The block's name, with <c>depthwise</c> and <c>pointwise</c> in it; <c>separable_conv1</c>… by default.</param>
    public static Value SeparableConv2d(
        this Value input,
        int channels,
        Size2 kernel,
        int multiplier = 1,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        using (Label.For("separable_conv", name).Enter())
        {
            return input
                .DepthwiseConv2d(kernel, multiplier, stride, padding, dilation, bias: false, weightInitializer, name: "depthwise")
                .Conv2d(
                    channels, 1, bias: bias, weightInitializer: weightInitializer, biasInitializer: biasInitializer, name: "pointwise");
        }
    }

    /// <summary>
    /// A convolution whose kernels are products W[x, y, c, k] = W[x, y, k] · W[c, k]: a 1x1 convolution to the output's channels, then a
    /// depthwise one, nothing between. [N, C, H, W] → [N, channels, H', W'] with channels · (kernel² + C) weights instead of
    /// channels · kernel² · C, and the biases of the second step. The order is the reverse of <see cref="SeparableConv2d"/>.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="channels">The number of kernels, that is of output channels.</param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the factors start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The block's name, with <c>pointwise</c> and <c>depthwise</c> in it; <c>factorized_conv1</c>… by default.</param>
    public static Value FactorizedConv2d(
        this Value input,
        int channels,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        using (Label.For("factorized_conv", name).Enter())
        {
            return input
                .Conv2d(channels, kernel: 1, bias: false, weightInitializer: weightInitializer, name: "pointwise")
                .DepthwiseConv2d(kernel, 1, stride, padding, dilation, bias, weightInitializer, biasInitializer, name: "depthwise");
        }
    }
}

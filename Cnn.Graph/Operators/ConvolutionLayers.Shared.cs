using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>
/// Convolutions with kernels that come from elsewhere: a parameter that several layers share (<see cref="Network.Parameter"/>), or anything
/// computed from one.
/// </content>
public static partial class ConvolutionLayers
{
    /// <summary>A 2-D convolution with given kernels.</summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="weight">Kernels [channels, C/groups, kh, kw].</param>
    /// <param name="bias">Biases [channels], if there are any.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv2d(
        this Value input,
        Value weight,
        Value? bias = null,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        int groups = 1,
        string? name = null)
    {
        Given kernels = Given.Of(weight, ["height", "width"], "[channels, C/groups");
        var window = Window.For(input, kernels.Size, (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
        return kernels.Apply(input, new Conv(window, groups), bias, Label.For("conv", name));
    }

    /// <summary>A 1-D convolution with given kernels.</summary>
    /// <param name="input">Signals [N, C, W].</param>
    /// <param name="weight">Kernels [channels, C/groups, width].</param>
    /// <param name="bias">Biases [channels], if there are any.</param>
    /// <param name="stride">Elements from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros before and behind the signal; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv1d(
        this Value input,
        Value weight,
        Value? bias = null,
        int stride = 1,
        Padding padding = default,
        int dilation = 1,
        int groups = 1,
        string? name = null)
    {
        Given kernels = Given.Of(weight, ["width"], "[channels, C/groups");
        var window = Window.For(input, kernels.Size, [stride], [dilation], padding);
        return kernels.Apply(input, new Conv(window, groups), bias, Label.For("conv", name));
    }

    /// <summary>A 3-D convolution with given kernels.</summary>
    /// <param name="input">Volumes [N, C, D, H, W].</param>
    /// <param name="weight">Kernels [channels, C/groups, depth, height, width].</param>
    /// <param name="bias">Biases [channels], if there are any.</param>
    /// <param name="stride">Elements from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the volume; none by default.</param>
    /// <param name="dilation">Elements between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="name">The layer's name; <c>conv1</c>, <c>conv2</c>… by default.</param>
    public static Value Conv3d(
        this Value input,
        Value weight,
        Value? bias = null,
        Size3? stride = null,
        Padding padding = default,
        Size3? dilation = null,
        int groups = 1,
        string? name = null)
    {
        Given kernels = Given.Of(weight, ["depth", "height", "width"], "[channels, C/groups");
        var window = Window.For(input, kernels.Size, (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
        return kernels.Apply(input, new Conv(window, groups), bias, Label.For("conv", name));
    }

    /// <summary>A transposed 2-D convolution with given kernels; an autoencoder may use those of its encoder.</summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="weight">Kernels [C, channels/groups, kh, kw]: those of a convolution from <c>channels</c> to C.</param>
    /// <param name="bias">Biases [channels], if there are any.</param>
    /// <param name="stride">Pixels that one pixel moves the window in the output; 1 by default.</param>
    /// <param name="padding">Pixels taken away around the output; none by default.</param>
    /// <param name="outputPadding">Rows and columns added at the output's bottom and right; less than the stride.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="name">The layer's name; <c>conv_transpose1</c>… by default.</param>
    public static Value ConvTranspose2d(
        this Value input,
        Value weight,
        Value? bias = null,
        Size2? stride = null,
        Padding padding = default,
        Size2? outputPadding = null,
        Size2? dilation = null,
        int groups = 1,
        string? name = null)
    {
        Given kernels = Given.Of(weight, ["height", "width"], "[C, channels/groups");
        var window = Window.Back(input, kernels.Size, (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding);
        var op = new ConvTranspose(window, groups, (outputPadding ?? 0).ToArray());
        return kernels.Apply(input, op, bias, Label.For("conv_transpose", name));
    }

    /// <summary>Kernels that were given, with what is wrong with their shape.</summary>
    private sealed record Given(Value Weight, int[] Size, IReadOnlyList<string> Faults)
    {
        public static Given Of(Value weight, string[] axes, string channels)
        {
            ArgumentNullException.ThrowIfNull(weight);
            bool isKernel = weight.Shape.Rank == axes.Length + 2 && weight.Shape.IsStatic;
            return new(
                weight,
                isKernel ? [.. weight.Shape.Skip(2).Select(d => (int)d.Size)] : [.. axes.Select(_ => 1)],
                isKernel || weight.Type.IsUnknown
                    ? []
                    : [$"kernels have the shape {channels}, {string.Join(", ", axes)}], but `weight` is {weight.Shape}."]);
        }

        public Value Apply(Value input, Operator op, Value? bias, Label label) =>
            new Node(op, label, bias is null ? [input, Weight] : [input, Weight, bias], Faults).Output;
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>Convolutions whose kernels are made in a way of their own.</content>
public static partial class ConvolutionLayers
{
    /// <summary>
    /// A convolution as mathematics has it, with kernels turned by 180°; <c>Conv2d</c> computes the cross-correlation, as all of the field
    /// does. Kernels that are learnt come out turned and nothing else differs; given ones make the difference.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="channels">The number of kernels, that is of output channels.</param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="groups">Into how many independent parts the channels are split.</param>
    /// <param name="bias">Whether a bias is added to each output channel.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>true_conv1</c>… by default.</param>
    public static Value TrueConv2d(
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
        Label label = Label.For("true_conv", name);
        var op = new Conv(Window.For(input, kernel, stride, dilation, padding), groups);
        string[] faults = channels < 1 ? [$"`channels` (={channels}) must be at least 1."] : [];
        Parameter weight = Kernels(input, op, KernelsOf(input, op, channels), weightInitializer ?? Initializer.He, label, faults);
        Value turned = new Node(new Flip([2, 3]), label.Child("flip"), [weight]).Output;
        return WithBias(input, op, turned, channels, bias, biasInitializer, label, faults);
    }

    /// <summary>
    /// A dense layer as a convolution whose kernel is the whole picture: [N, C, H, W] → [N, units, 1, 1]. Its numbers are those of
    /// <c>Flatten().Dense(units)</c> with the matrix in another shape.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="units">The number of outputs.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="weightInitializer">How the kernels [units, C, H, W] start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>dense_conv1</c>… by default.</param>
    public static Value DenseAsConv2d(
        this Value input,
        int units,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        int[] kernel = input.IsPicture() ? [(int)input.Shape[2].Size, (int)input.Shape[3].Size] : [1, 1];
        string[] faults = units < 1 ? [$"`units` (={units}) must be at least 1."] : [];
        var op = new Conv(Window.For(input, kernel, [1, 1], [1, 1], default), 1);
        return Convolve(input, op, Math.Max(units, 1), bias, weightInitializer, biasInitializer, Label.For("dense_conv", name), faults);
    }

    /// <summary>
    /// A convolution in which every output map sees a choice of the input's maps, as C3 of LeNet-5 does: [N, C, H, W] → [N, maps, H', W']
    /// with one kernel of kernel² weights for each connection, and a bias for each output map. The kernels are put where they belong
    /// among zeros, and then it is a convolution like any other.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="connections">
    /// For each output map, the input maps that it sees, from 0: LeNet-5's table is <c>LeNet.C3Connections</c>.
    /// </param>
    /// <param name="kernel">The kernel's height and width in pixels.</param>
    /// <param name="stride">Pixels from one position to the next; 1 by default.</param>
    /// <param name="padding">Zeros around the picture; none by default.</param>
    /// <param name="dilation">Pixels between neighbouring taps of the kernel; 1 by default.</param>
    /// <param name="bias">Whether a bias is added to each output map.</param>
    /// <param name="weightInitializer">
    /// How the kernels [connections, 1, kh, kw] start; <see cref="Initializer.He"/> by default. The fan-in of a map is its number of
    /// connections times kernel².
    /// </param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The layer's name; <c>partial_conv1</c>… by default.</param>
    public static Value PartialConv2d(
        this Value input,
        IReadOnlyList<IReadOnlyList<int>> connections,
        Size2 kernel,
        Size2? stride = null,
        Padding padding = default,
        Size2? dilation = null,
        bool bias = true,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(connections);
        Label label = Label.For("partial_conv", name);
        var op = new Conv(Window.For(input, kernel, stride, dilation, padding), 1);
        var table = new ConnectionTable(connections, Channels(input, op.Window));
        string[] faults = input.Shape.Rank == 4 ? [.. table.Faults()] : [];
        Initializer initializer = (weightInitializer ?? Initializer.He).WithFans(table.Fans(op.Window.Taps));
        Parameter weight = Kernels(input, op, new Shape([table.Count, 1, .. Taps(op.Window)]), initializer, label, faults);
        Value kernels = table.Place(weight, KernelsOf(input, op, connections.Count), label);
        return WithBias(input, op, kernels, connections.Count, bias, biasInitializer, label, faults);
    }
}

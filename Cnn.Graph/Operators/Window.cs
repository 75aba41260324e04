using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>
/// A window that slides over the spatial axes of a signal [N, C, W], a picture [N, C, H, W] or a volume [N, C, D, H, W]: the geometry that
/// convolution and pooling share.
/// </summary>
/// <param name="Kernel">The window's size along each spatial axis.</param>
/// <param name="Stride">Pixels from one position to the next.</param>
/// <param name="Dilation">Pixels from one tap of the window to the next.</param>
/// <param name="PadBegin">Pixels added before the picture.</param>
/// <param name="PadEnd">Pixels added behind it.</param>
public sealed record Window(int[] Kernel, int[] Stride, int[] Dilation, int[] PadBegin, int[] PadEnd)
{
    /// <summary>The number of spatial axes.</summary>
    public int Rank => Kernel.Length;

    /// <summary>The number of taps, k·k for a square window.</summary>
    public int Taps => Kernel.Aggregate(1, (n, k) => n * k);

    /// <summary>All settings, so that equal windows have equal texts.</summary>
    public override string ToString() =>
        $"{string.Join("x", Kernel)}, stride {string.Join("x", Stride)}, dilation {string.Join("x", Dilation)}, " +
        $"padding {string.Join("x", PadBegin)} and {string.Join("x", PadEnd)}";

    /// <summary>Whether any pixel is added around the picture.</summary>
    public bool IsPadded => PadBegin.Concat(PadEnd).Any(p => p != 0);

    /// <summary>Whether windows tile the picture: no two share a pixel, none is left out between them, nothing is added.</summary>
    public bool IsTiling => !IsPadded && Kernel.SequenceEqual(Stride) && Dilation.All(d => d == 1);

    /// <summary>The pixels that the window spans along an axis, holes of the dilation included.</summary>
    /// <param name="axis">The spatial axis.</param>
    public int Extent(int axis) => ((Kernel[axis] - 1) * Dilation[axis]) + 1;

    /// <summary>The number of positions along an axis: ⌊(n + pads − extent) / stride⌋ + 1.</summary>
    /// <param name="axis">The spatial axis.</param>
    /// <param name="size">The picture's size along it.</param>
    public long OutputSize(int axis, long size) =>
        (long)Math.Floor((double)(size + PadBegin[axis] + PadEnd[axis] - Extent(axis)) / Stride[axis]) + 1;

    /// <summary>The number of positions along every axis of a picture [N, C, …] whose size is known.</summary>
    internal long[] OutputSizes(Shape picture) => [.. Kernel.Select((_, i) => OutputSize(i, picture[i + 2].Size))];

    /// <summary>
    /// A window from the settings of a layer. The padding is resolved against the input where its size is known, and the number of
    /// positions is rounded up if <paramref name="ceil"/> says so.
    /// </summary>
    internal static Window For(Value input, int[] kernel, int[] stride, int[] dilation, Padding padding, bool ceil = false)
    {
        long[]? size = SizeOf(input, kernel.Length);
        Window window = For(size ?? new long[kernel.Length], kernel, stride, dilation, padding);
        return ceil && size is not null && !window.Check().Any() ? window.RoundedUp(size) : window;
    }

    /// <summary>A window over pictures; stride and dilation are 1 unless given.</summary>
    internal static Window For(Value input, Size2 kernel, Size2? stride, Size2? dilation, Padding padding, bool ceil = false) =>
        For(input, kernel.ToArray(), (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding, ceil);

    /// <summary>A window over volumes; stride and dilation are 1 unless given.</summary>
    internal static Window For(Value input, Size3 kernel, Size3? stride, Size3? dilation, Padding padding, bool ceil = false) =>
        For(input, kernel.ToArray(), (stride ?? 1).ToArray(), (dilation ?? 1).ToArray(), padding, ceil);

    /// <summary>The window of the convolution that leads back to the input, from pictures that are larger by its stride.</summary>
    internal static Window Back(Value input, int[] kernel, int[] stride, int[] dilation, Padding padding) =>
        For([.. (SizeOf(input, kernel.Length) ?? new long[kernel.Length]).Select((size, axis) => size * stride[axis])], kernel, stride, dilation, padding);

    /// <summary>The size of a picture along its spatial axes, where all are known.</summary>
    private static long[]? SizeOf(Value input, int rank)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Shape.Rank == rank + 2 && input.Shape.Skip(2).All(d => d.IsKnown) ? [.. input.Shape.Skip(2).Select(d => d.Size)] : null;
    }

    /// <summary>A window over a picture of a known size.</summary>
    internal static Window For(long[] size, int[] kernel, int[] stride, int[] dilation, Padding padding)
    {
        // A stride of zero is a fault that is reported later; until then it must not divide.
        (int[] begin, int[] end) = stride.All(s => s > 0)
            ? padding.Resolve(size, kernel, stride, dilation)
            : (new int[kernel.Length], new int[kernel.Length]);
        return new Window(kernel, stride, dilation, begin, end);
    }

    /// <summary>
    /// The window with what a last, incomplete position needs as more padding at the end ("ceil mode"). Said so, every runtime agrees on
    /// it. A position that would start behind the picture and the padding before it is none, as in Caffe and PyTorch.
    /// </summary>
    private Window RoundedUp(long[] size)
    {
        int[] end = [.. PadEnd];
        for (int i = 0; i < Rank; i++)
        {
            long padded = size[i] + PadBegin[i] + PadEnd[i];
            long last = (long)Math.Ceiling((double)(padded - Extent(i)) / Stride[i]) * Stride[i];
            last -= last >= size[i] + PadBegin[i] ? Stride[i] : 0;
            end[i] += last < 0 ? 0 : (int)Math.Max(last + Extent(i) - padded, 0);
        }

        return this with { PadEnd = end };
    }

    /// <summary>
    /// For each position, row-major, the sum of the weights of those taps that stand on cells that count. The weight of a tap is the
    /// product of its weights along the axes.
    /// </summary>
    /// <param name="picture">The picture, [N, C, …].</param>
    /// <param name="before">How many of the cells added before it count, along each axis.</param>
    /// <param name="behind">How many of those added behind it count.</param>
    /// <param name="weights">The taps' weights along each axis.</param>
    internal double[] Covered(Shape picture, int[] before, int[] behind, double[][] weights)
    {
        double[] sums = [1];
        for (int i = 0; i < Rank; i++)
        {
            long size = picture[i + 2].Size;
            double[] along = [.. Enumerable.Range(0, (int)OutputSize(i, size)).Select(p => Enumerable.Range(0, Kernel[i])
                .Where(t => (p * Stride[i]) + (t * Dilation[i]) - PadBegin[i] is var at && at >= -before[i] && at < size + behind[i])
                .Sum(t => weights[i][t]))];
            sums = [.. sums.SelectMany(outer => along.Select(inner => outer * inner))];
        }

        return sums;
    }

    /// <summary>For each position, row-major, how many of the picture's own pixels are under the window.</summary>
    internal double[] CountPixels(Shape picture) =>
        Covered(picture, new int[Rank], new int[Rank], [.. Kernel.Select(k => Enumerable.Repeat(1.0, k).ToArray())]);

    /// <summary>The shape of the output, or a fault.</summary>
    internal IReadOnlyList<TensorType> Slide(Inference context, Dimension channels)
    {
        Shape input = context.Shape(0);
        var dims = new Dimension[Rank + 2];
        (dims[0], dims[1]) = (input[0], channels);
        for (int i = 0; i < Rank; i++)
        {
            if (!input[i + 2].IsKnown)
            {
                return context.Fault($"the size of the picture must be known, but the input is {input}. Give the network's input a size along every axis.");
            }

            long size = input[i + 2].Size, outputs = OutputSize(i, size);
            if (outputs < 1)
            {
                return context.Fault(
                    $"the window spans {string.Join("x", Enumerable.Range(0, Rank).Select(Extent))} pixels, but the padded input is only " +
                    $"{string.Join("x", Enumerable.Range(0, Rank).Select(a => input[a + 2].Size + PadBegin[a] + PadEnd[a]))} (input {input}). " +
                    "Use a smaller kernel or more padding.");
            }

            dims[i + 2] = outputs;
        }

        return [new TensorType(context.Inputs[0].Element, new Shape(dims))];
    }

    /// <summary>Faults of the settings alone.</summary>
    internal IEnumerable<string> Check()
    {
        if (PadBegin.Length != Rank)
        {
            yield return $"`padding` names {PadBegin.Length} axes, but the window has {Rank}. Give one pair for each axis, or one number for all.";
            yield break;
        }

        foreach ((string name, int[] values, int least) in new[]
                 {
                     ("kernel", Kernel, 1), ("stride", Stride, 1), ("dilation", Dilation, 1), ("padding", PadBegin, 0), ("padding", PadEnd, 0),
                 })
        {
            if (values.Any(v => v < least))
            {
                yield return $"`{name}` (={string.Join("x", values)}) must be at least {least}.";
            }
        }
    }

    /// <summary>The axes that a window of this rank takes, for messages.</summary>
    internal string Axes => Rank switch
    {
        1 => "[N, channels, width]",
        2 => "[N, channels, height, width]",
        3 => "[N, channels, depth, height, width]",
        _ => $"[N, channels, {Rank} spatial axes]",
    };

    /// <summary>The attributes kernel_shape, strides and pads, and dilations where there are any.</summary>
    internal IReadOnlyList<OnnxAttribute> Attributes() =>
    [
        .. Dilation.Any(d => d != 1) ? [OnnxAttribute.Ints("dilations", Dilation)] : Array.Empty<OnnxAttribute>(),
        OnnxAttribute.Ints("kernel_shape", Kernel),
        OnnxAttribute.Ints("pads", PadBegin.Concat(PadEnd)),
        OnnxAttribute.Ints("strides", Stride),
    ];
}

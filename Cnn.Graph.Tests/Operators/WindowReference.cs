using Cnn.Graph.Tests.Support;

namespace Cnn.Graph.Tests.Operators;

/// <summary>The layers whose windows are drawn.</summary>
internal enum WindowLayer
{
    Conv,
    MaxPool,
    AveragePool,
}

/// <summary>What is drawn: a layer with its settings and the size of what it takes, one number for each spatial axis.</summary>
internal sealed record WindowCase(
    WindowLayer Layer,
    int Batch,
    int Channels,
    int[] Size,
    int[] Kernel,
    int[] Stride,
    int[] Dilation,
    int[] Before,
    int[] Behind,
    int Groups,
    int KernelsPerGroup,
    bool Bias,
    bool Ceil,
    bool CountPadding,
    int Seed)
{
    public override string ToString() =>
        $"{Layer} of [{Batch}, {Channels}, {string.Join(", ", Size)}], kernel {Text(Kernel)}, stride {Text(Stride)}, " +
        $"dilation {Text(Dilation)}, padding {Text(Before)} and {Text(Behind)}, {Groups} groups of {KernelsPerGroup}, " +
        $"bias {Bias}, ceil {Ceil}, countPadding {CountPadding}, seed {Seed}";

    private static string Text(int[] numbers) => string.Join("x", numbers);
}

/// <summary>
/// Convolution and pooling with their gradients as plain loops in double, from their definitions: nothing of the library's geometry is
/// used.
/// </summary>
internal sealed class WindowReference
{
    /// <summary>A tap on padding that was asked for, and one beyond that, which only rounding up reaches.</summary>
    private const int OnPadding = -1, Beyond = -2;

    private readonly WindowCase _case;
    private readonly int[] _positions;
    private readonly int[][] _taps;
    private readonly int _pixels;
    private readonly int _outputs;

    public WindowReference(WindowCase drawn)
    {
        _case = drawn;
        _positions = [.. drawn.Size.Select((_, axis) => Positions(axis))];
        _taps = [.. Grid(_positions).Select(position => Grid(drawn.Kernel).Select(tap => Pixel(position, tap)).ToArray())];
        _pixels = drawn.Size.Aggregate(1, (n, d) => n * d);
        _outputs = drawn.Layer == WindowLayer.Conv ? drawn.Groups * drawn.KernelsPerGroup : drawn.Channels;
        X = Numbers("x", drawn.Batch * drawn.Channels * _pixels);
        W = Numbers("w", drawn.Layer == WindowLayer.Conv ? _outputs * (drawn.Channels / drawn.Groups) * Taps : 0);
        B = Numbers("b", drawn is { Layer: WindowLayer.Conv, Bias: true } ? _outputs : 0);
        Dy = Numbers("dy", drawn.Batch * _outputs * _taps.Length);
        (Y, Dx, Dw, Db) = (new double[Dy.Length], new double[X.Length], new double[W.Length], new double[B.Length]);
        for (int plane = 0; plane < drawn.Batch * _outputs; plane++)
        {
            for (int position = 0; position < _taps.Length; position++)
            {
                int at = (plane * _taps.Length) + position;
                switch (drawn.Layer)
                {
                    case WindowLayer.Conv:
                        Convolve(plane / _outputs, plane % _outputs, position, at);
                        break;
                    case WindowLayer.MaxPool:
                        TakeLargest(plane * _pixels, _taps[position], at);
                        break;
                    default:
                        TakeMean(plane * _pixels, _taps[position], at);
                        break;
                }
            }
        }
    }

    /// <summary>The output's dimensions.</summary>
    public long[] Dims => [_case.Batch, _outputs, .. _positions.Select(p => (long)p)];

    /// <summary>Input, kernels, biases and the gradient of the output, each empty where the layer has none.</summary>
    public float[] X { get; }

    public float[] W { get; }

    public float[] B { get; }

    public float[] Dy { get; }

    /// <summary>Output and gradients.</summary>
    public double[] Y { get; }

    public double[] Dx { get; }

    public double[] Dw { get; }

    public double[] Db { get; }

    private int Taps => _taps[0].Length;

    /// <summary>How many windows there are along an axis, by counting them.</summary>
    private int Positions(int axis)
    {
        int extent = ((_case.Kernel[axis] - 1) * _case.Dilation[axis]) + 1;
        int real = _case.Before[axis] + _case.Size[axis], padded = real + _case.Behind[axis];
        int count = 0;
        for (int start = 0; ; start += _case.Stride[axis], count++)
        {
            bool isWhole = start + extent <= padded;
            bool isWanted = start == 0 || start - _case.Stride[axis] + extent < padded; // the window before left something out
            if (!isWhole && !(_case.Ceil && isWanted && start < real))
            {
                return count;
            }
        }
    }

    private void Convolve(int sample, int output, int position, int at)
    {
        int inGroup = _case.Channels / _case.Groups;
        Y[at] = B.Length > 0 ? B[output] : 0;
        for (int i = 0; i < inGroup * Taps; i++)
        {
            int pixel = _taps[position][i % Taps];
            if (pixel >= 0)
            {
                int channel = (output / _case.KernelsPerGroup * inGroup) + (i / Taps);
                int from = (((sample * _case.Channels) + channel) * _pixels) + pixel, weight = (output * inGroup * Taps) + i;
                Y[at] += (double)X[from] * W[weight];
                Dx[from] += (double)Dy[at] * W[weight];
                Dw[weight] += (double)Dy[at] * X[from];
            }
        }

        if (B.Length > 0)
        {
            Db[output] += Dy[at];
        }
    }

    private void TakeLargest(int plane, int[] taps, int at)
    {
        int first = -1;
        foreach (int pixel in taps.Where(pixel => pixel >= 0))
        {
            first = first < 0 || X[plane + pixel] > X[plane + first] ? pixel : first;
        }

        Y[at] = X[plane + first];
        Dx[plane + first] += Dy[at];
    }

    private void TakeMean(int plane, int[] taps, int at)
    {
        int count = taps.Count(pixel => pixel >= 0 || (pixel == OnPadding && _case.CountPadding));
        foreach (int pixel in taps.Where(pixel => pixel >= 0))
        {
            Y[at] += X[plane + pixel] / (double)count;
            Dx[plane + pixel] += Dy[at] / (double)count;
        }
    }

    private int Pixel(int[] position, int[] tap)
    {
        int pixel = 0, outside = 0;
        for (int axis = 0; axis < tap.Length; axis++)
        {
            int at = (position[axis] * _case.Stride[axis]) + (tap[axis] * _case.Dilation[axis]) - _case.Before[axis];
            int size = _case.Size[axis];
            pixel = (pixel * size) + at;
            outside = Math.Min(outside, at >= size + _case.Behind[axis] ? Beyond : at < 0 || at >= size ? OnPadding : 0);
        }

        return outside < 0 ? outside : pixel;
    }

    /// <summary>All places of a grid, row-major.</summary>
    private static IEnumerable<int[]> Grid(int[] size)
    {
        for (int i = 0; i < size.Aggregate(1, (n, d) => n * d); i++)
        {
            var place = new int[size.Length];
            for (int axis = size.Length - 1, rest = i; axis >= 0; rest /= size[axis--])
            {
                place[axis] = rest % size[axis];
            }

            yield return place;
        }
    }

    /// <summary>For max pooling a few numbers only, so that many pixels are equal.</summary>
    private float[] Numbers(string name, int count)
    {
        float[] numbers = Tensors.Uniform($"{name}{_case.Seed}", [count]).Floats();
        return _case.Layer == WindowLayer.MaxPool && name == "x" ? [.. numbers.Select(x => MathF.Round(4 * x) - 5)] : numbers;
    }
}

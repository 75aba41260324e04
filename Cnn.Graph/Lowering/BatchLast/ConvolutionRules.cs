using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>Convolutions over [C, H, W, N] as one matrix product with the picture's columns, phase by phase where tiles are pooled.</summary>
internal static class ConvolutionRules
{
    /// <summary>Whether the rules here know the convolution: one group, stride and dilation 1, two axes.</summary>
    public static bool IsSimple(Window window, int groups) =>
        groups == 1 && window.Rank == 2 && window.Stride.All(s => s == 1) && window.Dilation.All(d => d == 1);

    public static Laid Forward(BatchLastLayout l, Node n, Conv op)
    {
        int phase = l.Phases.GetValueOrDefault(n, 1);
        Shape y = n.Output.Shape;
        Value weights = Spread(l.Plain(n.Inputs[1]), op.Window, phase);
        Value product = Product(weights, ColumnsOf(l, n.Inputs[0], op.Window, phase));
        Value data = product.ReshapeTo(Layout(y, phase));
        if (n.Inputs.Count == 3)
        {
            Dimension[] bias = [y[1], 1, 1, 1];
            data += l.Plain(n.Inputs[2]).ReshapeTo(phase == 1 ? bias : [1, .. bias]);
        }

        return new(data, phase);
    }

    public static Value WeightGradient(BatchLastLayout l, Node n, ConvWeightGradient op)
    {
        Laid dy = l.Last(n.Inputs[1]).Expanded();
        Shape shape = n.Inputs[1].Shape;
        Value columns = ColumnsOf(l, n.Inputs[0], op.Window, dy.Phase);
        Value errors = dy.Data.ReshapeTo(dy.Phase * dy.Phase * shape[1].Size, columns.Shape[1]);
        // The larger factor on the left is the faster order.
        Value product = Product(columns, errors.TransposeBy(1, 0)).TransposeBy(1, 0);
        return Collect(product, op.Window, dy.Phase, n.Output.Shape);
    }

    public static Laid InputGradient(BatchLastLayout l, Node n, ConvInputGradient op)
    {
        Value weights = l.Plain(n.Inputs[1]);
        Laid dy = l.Last(n.Inputs[0]).Unphased();
        Shape x = op.InputShape;
        if (SeesAll(op.Window, x))
        {
            Value matrix = weights.ReshapeTo(weights.Shape[0], new Shape(weights.Shape.Skip(1)).CountPerSample());
            return new(Node.Derive(new Gemm(TransposeA: true), "input", [matrix, dy.Rows]).ReshapeTo(x[1], x[2], x[3], x[0]));
        }

        // Columns and samples together are one long axis along which the kernel's taps stand N apart.
        int batch = (int)dy.Batch;
        var window = new Window(
            op.Window.Kernel, [1, 1], [1, batch], [op.Window.PadBegin[0], op.Window.PadBegin[1] * batch], [op.Window.PadEnd[0], op.Window.PadEnd[1] * batch]);
        Shape s = dy.Data.Shape;
        Value folded = new Node(
            new ConvTranspose(window, 1, [0, 0]), Label.For("input"), [dy.Data.ReshapeTo(1, s[0], s[1], s[2].Size * batch), weights]).Output;
        return new(folded.ReshapeTo(x[1], x[2], x[3], x[0]));
    }

    /// <summary>[C·K·K, positions·N] for windows of K = k + phase − 1 pixels that move by the phase.</summary>
    private static Value ColumnsOf(BatchLastLayout l, Value picture, Window window, int phase)
    {
        var wide = new Window(
            [.. window.Kernel.Select(k => k + phase - 1)], [phase, phase], [1, 1], window.PadBegin, window.PadEnd);
        return l.Columns(picture, wide, () =>
        {
            Laid x = l.Last(picture).Unphased();
            Shape s = picture.Shape;
            if (SeesAll(window, s))
            {
                return x.Rows;
            }

            (long[] rows, long taps, long positions) = Rows(wide, s, out bool hasPadding);
            Value source = hasPadding ? x.Rows.Concat(new Value[] { Constants.Floats(new float[x.Batch], [1, x.Batch], picture.Type.Element) }, axis: 0) : x.Rows;
            return source.Apply(new Gather(rows, [taps, positions]), Label.For("columns")).ReshapeTo(taps, positions * x.Batch);
        });
    }

    /// <summary>For each channel and tap, and each position of the window, the pixel's row; the row behind the last stands for padding.</summary>
    private static (long[] Rows, long Taps, long Positions) Rows(Window window, Shape picture, out bool hasPadding)
    {
        long channels = picture[1].Size, height = picture[2].Size, width = picture[3].Size;
        long down = window.OutputSize(0, height), across = window.OutputSize(1, width);
        var rows = new List<long>();
        hasPadding = false;
        for (long c = 0; c < channels; c++)
        {
            for (int tap = 0; tap < window.Taps; tap++)
            {
                for (long p = 0; p < down * across; p++)
                {
                    long y = (p / across * window.Stride[0]) + (tap / window.Kernel[1]) - window.PadBegin[0];
                    long x = (p % across * window.Stride[1]) + (tap % window.Kernel[1]) - window.PadBegin[1];
                    bool inside = y >= 0 && y < height && x >= 0 && x < width;
                    hasPadding |= !inside;
                    rows.Add(inside ? (((c * height) + y) * width) + x : channels * height * width);
                }
            }
        }

        return ([.. rows], channels * window.Taps, down * across);
    }

    /// <summary>Whether the window stands in one place only and covers the picture: the convolution is a dense layer.</summary>
    private static bool SeesAll(Window window, Shape picture) =>
        !window.IsPadded && window.Kernel[0] == picture[2].Size && window.Kernel[1] == picture[3].Size;

    /// <summary>[O, C, k, k] → [phase²·O, C·K·K]: for every phase the kernels at another place of the wider window.</summary>
    private static Value Spread(Value weights, Window window, int phase)
    {
        long outputs = weights.Shape[0].Size, channels = weights.Shape[1].Size;
        if (phase == 1)
        {
            return weights.ReshapeTo(outputs, channels * window.Taps);
        }

        (Constant places, long wide) = Places(window, phase, weights.Type.Element, transposed: false);
        return Product(weights.ReshapeTo(outputs * channels, window.Taps), places)
            .ReshapeTo(outputs, channels, phase * phase, wide).TransposeBy(2, 0, 1, 3).ReshapeTo(phase * phase * outputs, channels * wide);
    }

    /// <summary>The adjoint of <see cref="Spread"/>.</summary>
    private static Value Collect(Value gradient, Window window, int phase, Shape weights)
    {
        if (phase == 1)
        {
            return gradient.ReshapeTo(weights);
        }

        (Constant places, long wide) = Places(window, phase, gradient.Type.Element, transposed: true);
        long outputs = weights[0].Size, channels = weights[1].Size;
        Value sorted = gradient.ReshapeTo(phase * phase, outputs, channels, wide).TransposeBy(1, 2, 0, 3).ReshapeTo(outputs * channels, phase * phase * wide);
        return Product(sorted, places).ReshapeTo(weights);
    }

    /// <summary>[k·k, phase²·K·K]: where each tap of the kernel stands in the wider window, for each phase.</summary>
    private static (Constant Places, long Wide) Places(Window window, int phase, ElementType type, bool transposed)
    {
        int width = window.Kernel[1] + phase - 1, wide = (window.Kernel[0] + phase - 1) * width, columns = phase * phase * wide;
        var places = new float[window.Taps * columns];
        for (int tap = 0; tap < window.Taps; tap++)
        {
            for (int f = 0; f < phase * phase; f++)
            {
                int y = (tap / window.Kernel[1]) + (f / phase), x = (tap % window.Kernel[1]) + (f % phase);
                int column = (f * wide) + (y * width) + x;
                places[transposed ? (column * window.Taps) + tap : (tap * columns) + column] = 1;
            }
        }

        return (Constants.Floats(places, transposed ? [columns, window.Taps] : [window.Taps, columns], type), wide);
    }

    private static Dimension[] Layout(Shape y, int phase) => phase == 1
        ? [y[1], y[2], y[3], y[0]]
        : [phase * phase, y[1], y[2].Size / phase, y[3].Size / phase, y[0]];

    private static Value Product(Value a, Value b) => Node.Derive(new MatMul(), "product", [a, b]);
}

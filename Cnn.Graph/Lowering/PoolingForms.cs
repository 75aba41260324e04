using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>The gradients of pooling in ai.onnx operators, without scatter.</summary>
internal static class PoolingForms
{
    /// <summary>
    /// dY goes to the first maximum of each window: of the window's taps those equal to the maximum are marked, all but the first
    /// unmarked, and the marked dY folded back. Taps in the padding never win.
    /// </summary>
    public static Value MaxGradient(Window window, Value x, Value y, Value dy)
    {
        (Dimension batch, long channels, long taps) = (x.Shape[0], x.Shape[1].Size, window.Taps);
        long positions = new Shape(y.Shape.Skip(2)).CountPerSample();
        Value columns = Columns.Of(x, window).ReshapeTo(batch, channels, taps, positions);
        Value maxima = y.ReshapeTo(batch, channels, 1, positions);
        Value ties = columns.IsEqual(maxima).Where(Inside(window, x.Shape, x.Type.Element), Arithmetic.Number(0, x));
        Value first = FirstOf(ties, (int)taps);
        Value marked = first * dy.ReshapeTo(batch, channels, 1, positions);
        return Columns.Fold(marked.ReshapeTo([batch, channels * taps, .. y.Shape.Skip(2)]), window, x.Shape);
    }

    /// <summary>Of the marks (1 or 0) along the last axis but one, the first 1 stays.</summary>
    public static Value FirstOf(Value marks, int count)
    {
        Value before = Node.Derive(new MatMul(), "marks_before", [StrictlyLower(count, marks.Type.Element), marks]);
        return (1 - before).Relu() * marks;
    }

    /// <summary>dY over the number of elements that each window counted, folded back to every tap.</summary>
    public static Value AverageGradient(AveragePoolGradient op, Value dy)
    {
        int channels = (int)op.InputShape[1].Size, taps = op.Window.Taps;
        Value share = op.CountPadding || !op.Window.IsPadded
            ? dy / taps
            : dy * PerWindow(op.Window, op.InputShape, dy.Type.Element);
        if (op.Window.IsTiling && op.InputShape[2].Size % op.Window.Kernel[0] == 0 && op.InputShape[3].Size % op.Window.Kernel[1] == 0)
        {
            return share.Apply(new Repeat(1, 1, op.Window.Kernel[0], op.Window.Kernel[1]), Label.For("repeat"));
        }

        var ones = new float[channels * taps];
        ones.AsSpan().Fill(1);
        Constant kernels = Constants.Floats(ones, [channels, 1, .. op.Window.Kernel.Select(k => (long)k)], dy.Type.Element);
        return Node.Derive(ConvTranspose.Adjoint(op.Window, channels, op.InputShape), "fold", [share, kernels]);
    }

    /// <summary>[taps, H'·W']: 1 where a tap of a window lies inside the picture, 0 in the padding.</summary>
    private static Constant Inside(Window window, Shape picture, ElementType type)
    {
        (float[] inside, long positions) = InsideMask(window, picture);
        return Constants.Floats(inside, [window.Taps, positions], type);
    }

    /// <summary>[H', W']: one over the number of real elements under each window.</summary>
    private static Constant PerWindow(Window window, Shape picture, ElementType type)
    {
        (float[] inside, long positions) = InsideMask(window, picture);
        var factors = new float[positions];
        for (int p = 0; p < positions; p++)
        {
            int count = 0;
            for (int tap = 0; tap < window.Taps; tap++)
            {
                count += (int)inside[(tap * positions) + p];
            }

            factors[p] = 1f / count;
        }

        return Constants.Floats(factors, [window.OutputSize(0, picture[2].Size), window.OutputSize(1, picture[3].Size)], type);
    }

    private static (float[] Inside, long Positions) InsideMask(Window window, Shape picture)
    {
        long height = window.OutputSize(0, picture[2].Size), width = window.OutputSize(1, picture[3].Size);
        var inside = new float[window.Taps * height * width];
        for (int tap = 0; tap < window.Taps; tap++)
        {
            for (long p = 0; p < height * width; p++)
            {
                long row = (p / width * window.Stride[0]) + (tap / window.Kernel[1] * window.Dilation[0]) - window.PadBegin[0];
                long column = (p % width * window.Stride[1]) + (tap % window.Kernel[1] * window.Dilation[1]) - window.PadBegin[1];
                bool isInside = row >= 0 && row < picture[2].Size && column >= 0 && column < picture[3].Size;
                inside[(tap * height * width) + p] = isInside ? 1 : 0;
            }
        }

        return (inside, height * width);
    }

    /// <summary>[taps, taps]: row t sums the taps before t.</summary>
    private static Constant StrictlyLower(int taps, ElementType type)
    {
        var lower = new float[taps * taps];
        for (int row = 0; row < taps; row++)
        {
            lower.AsSpan(row * taps, row).Fill(1);
        }

        return Constants.Floats(lower, [taps, taps], type);
    }
}

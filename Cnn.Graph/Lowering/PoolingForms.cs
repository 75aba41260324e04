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
        if (op.Window.IsTiling && op.Window.Kernel.Select((k, i) => op.InputShape[i + 2].Size % k).All(rest => rest == 0))
        {
            return share.Apply(new Repeat([1, 1, .. op.Window.Kernel]), Label.For("repeat"));
        }

        var ones = new float[channels * taps];
        ones.AsSpan().Fill(1);
        Constant kernels = Constants.Floats(ones, [channels, 1, .. op.Window.Kernel.Select(k => (long)k)], dy.Type.Element);
        return ConvolutionForms.Transposed(ConvTranspose.Adjoint(op.Window, channels, op.InputShape), "fold", share, kernels);
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

        return Constants.Floats(factors, window.OutputSizes(picture), type);
    }

    private static (float[] Inside, long Positions) InsideMask(Window window, Shape picture)
    {
        long[] outputs = window.OutputSizes(picture);
        long positions = TensorData.CountOf(outputs);
        var inside = new float[window.Taps * positions];
        for (int tap = 0; tap < window.Taps; tap++)
        {
            for (long p = 0; p < positions; p++)
            {
                inside[(tap * positions) + p] = IsInside(window, picture, outputs, tap, p) ? 1 : 0;
            }
        }

        return (inside, positions);
    }

    /// <summary>Whether a tap of the window at a position, both counted in row-major order, stands on the picture.</summary>
    private static bool IsInside(Window window, Shape picture, long[] outputs, long tap, long position)
    {
        for (int i = window.Rank - 1; i >= 0; i--)
        {
            long at = (position % outputs[i] * window.Stride[i]) + (tap % window.Kernel[i] * window.Dilation[i]) - window.PadBegin[i];
            if (at < 0 || at >= picture[i + 2].Size)
            {
                return false;
            }

            (tap, position) = (tap / window.Kernel[i], position / outputs[i]);
        }

        return true;
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

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Poolings that ONNX does not have, and the gradients of pooling, in ai.onnx operators, without scatter.</summary>
internal static class PoolingForms
{
    /// <summary>
    /// Whether ONNX Runtime (1.29) would misread a pool: it makes a Pad part of the pool behind it, in whose maximum zeros then have no
    /// say, and refuses to load a pool whose padding has become as large as its kernel.
    /// </summary>
    public static bool IsMisread(Operator op, IReadOnlyList<Value> inputs) =>
        op is Pool && inputs[0].Producer is { Op: Pad { Mode: PadMode.Zero } };

    /// <summary>A pool of pictures with a border, which is added under another shape, so that a Reshape stands between the two.</summary>
    public static Value BehindBorder(Pool op, Value bordered)
    {
        Node border = bordered.Producer!;
        long[] amounts = ((Pad)border.Op).Amounts;
        (Value picture, int rank) = (border.Inputs[0], bordered.Shape.Rank);
        Value slab = picture.ReshapeTo([.. picture.Shape.Take(2), 1, .. picture.Shape.Skip(2)]);
        var around = new Pad([.. amounts.Take(2), 0, .. amounts[2..(rank + 2)], 0, .. amounts.Skip(rank + 2)]);
        return Node.Derive(op, "behind_border", Node.Derive(around, "border", slab).ReshapeTo(bordered.Shape));
    }

    /// <summary>√Σ x².</summary>
    public static Value L2(L2Pool op, Value x)
    {
        Value mean = Node.Derive(new AveragePool(op.Window, CountPadding: true), "mean", x * x);
        return (mean * op.Window.Taps).Sqrt();
    }

    /// <summary>A depthwise convolution with fixed kernels, made up for what the padding takes of their weight.</summary>
    public static Value DistanceWeighted(DistanceWeightedPool op, Value x)
    {
        Value mean = Node.Derive(new Conv(op.Window, (int)x.Shape[1].Size), "mean", [x, op.Kernels(x.Shape, x.Type.Element)]);
        return op.Window.IsPadded ? mean * op.Shares(x.Shape, x.Type.Element) : mean;
    }

    /// <summary>
    /// dY goes to the first element of each window that equals Y: of the window's taps those equal to it are marked, all but the first
    /// unmarked, and the marked dY folded back. Taps in the padding never win.
    /// </summary>
    public static Value MaxGradient(Window window, Value x, Value y, Value dy)
    {
        if (!window.IsPadded && window.Kernel.SequenceEqual(x.Shape.Skip(2).Select(d => (int)d.Size)))
        {
            return WholeMaxGradient(x, y, dy);
        }

        (Dimension batch, long channels, long taps) = (x.Shape[0], x.Shape[1].Size, window.Taps);
        long positions = new Shape(y.Shape.Skip(2)).CountPerSample();
        Value columns = Columns.Of(x, window).ReshapeTo(batch, channels, taps, positions);
        Value maxima = y.ReshapeTo(batch, channels, 1, positions);
        Value ties = columns.IsEqual(maxima).Where(Inside(window, x.Shape, x.Type.Element), Arithmetic.Number(0, x));
        Value first = FirstOf(ties, (int)taps);
        Value marked = first * dy.ReshapeTo(batch, channels, 1, positions);
        return Columns.Fold(marked.ReshapeTo([batch, channels * taps, .. y.Shape.Skip(2)]), window, x.Shape);
    }

    /// <summary>
    /// The same where the window covers the picture. The place of the first mark takes the memory of a few pictures; counting the marks
    /// before each pixel would take as much as the square of their number.
    /// </summary>
    private static Value WholeMaxGradient(Value x, Value y, Value dy)
    {
        (Dimension batch, Dimension channels, long pixels) = (x.Shape[0], x.Shape[1], new Shape(x.Shape.Skip(2)).CountPerSample());
        Value ties = x.IsEqual(y).Where(Arithmetic.Number(1, x), Arithmetic.Number(0, x)).ReshapeTo(batch, channels, pixels);
        Value first = Node.Derive(new ArgMax(2), "first", ties).ReshapeTo(batch, channels, 1);
        Constant places = Constants.Vector([.. Enumerable.Range(0, (int)pixels).Select(i => (long)i)]);
        return first.IsEqual(places).Where(dy.ReshapeTo(batch, channels, 1), Arithmetic.Number(0, dy)).ReshapeTo(x.Shape);
    }

    /// <summary>Of the marks (1 or 0) along the last axis but one, the first 1 stays.</summary>
    public static Value FirstOf(Value marks, int count)
    {
        Value before = Node.Derive(new MatMul(), "marks_before", [Lower(count, isStrict: true, marks.Type.Element), marks]);
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

        return Constants.Floats(inside, [window.Taps, positions], type);
    }

    /// <summary>[H', W']: one over the number of real elements under each window.</summary>
    private static Constant PerWindow(Window window, Shape picture, ElementType type) =>
        Constants.Floats([.. window.CountPixels(picture).Select(count => (float)(1 / count))], window.OutputSizes(picture), type);

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

    /// <summary>[taps, taps]: row t sums the taps before t, and tap t itself unless that is left out.</summary>
    public static Constant Lower(int taps, bool isStrict, ElementType type)
    {
        var lower = new float[taps * taps];
        for (int row = 0; row < taps; row++)
        {
            lower.AsSpan(row * taps, isStrict ? row : row + 1).Fill(1);
        }

        return Constants.Floats(lower, [taps, taps], type);
    }
}

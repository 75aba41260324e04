using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Expressions of one or two operators.</summary>
internal static class SmallForms
{
    /// <summary>1 where x &gt; 0, else 0. A steep hard sigmoid is the fastest form on CPU: no bool tensor, one pass.</summary>
    public static Value PositiveMask(Value x) => x.Apply(new HardSigmoid(Alpha: 1e30f, Beta: 0), Label.For("mask"));

    public static Value Between(Value x, double low, double high) =>
        Node.Derive(new Clip(), "clip", x, Arithmetic.Number(low, x), Arithmetic.Number(high, x));

    /// <summary>−Σ (x − w)² from the differences, because |x|² − 2·x·w + |w|² would lose the digits of near rows.</summary>
    public static Value NegativeSquaredDistance(Value x, Value w)
    {
        Value difference = x.ReshapeTo(x.Shape[0], 1, x.Shape[1]) - w;
        return -1 * (difference * difference).Sum([2]);
    }

    public static Value Broadcast(Value x, Value like)
    {
        if (like.Shape.IsStatic)
        {
            return x.Apply(new Expand(like.Shape), Label.For("expand"));
        }

        Value shape = like.Apply(new ShapeOf(0, like.Shape.Rank), Label.For("shape"));
        return Node.Derive(new DynamicExpand(like.Shape), "expand", [x, shape]);
    }

    /// <summary>The number of elements along some axes: a constant, times the batch's size at run time while it is not bound.</summary>
    public static Value Count(Value x, int[] axes)
    {
        var along = new Shape(axes.Select(a => x.Shape[a]));
        Value known = Arithmetic.Number(along.CountPerSample(), x);
        foreach (int axis in axes.Where(a => !x.Shape[a].IsKnown))
        {
            Value size = x.Apply(new ShapeOf(axis, axis + 1), Label.For("shape"));
            known *= size.Apply(new Cast(x.Type.Element), Label.For("cast")).ReshapeTo();
        }

        return known;
    }

    /// <summary>A slice's gradient put back: zeros around it, and between its elements where the slice left some out.</summary>
    public static Value PutBack(SliceGradient op, Value dy)
    {
        Slice slice = op.Slice;
        int rank = dy.Shape.Rank;
        var pads = new long[2 * rank];
        for (int i = 0; i < slice.SlicedAxes.Length; i++)
        {
            int axis = slice.SlicedAxes[i];
            long size = op.InputShape[axis].Size;
            if (slice.Steps[i] == 1)
            {
                (pads[axis], pads[axis + rank]) = (slice.Starts[i], size - slice.Ends[i]);
            }
            else
            {
                long[] taken = [.. Enumerable.Range(0, (int)dy.Shape[axis].Size).Select(e => slice.Starts[i] + (e * slice.Steps[i]))];
                dy = Rearranged(new Rearrange(axis, taken).Inverse(size), dy);
            }
        }

        return pads.All(p => p == 0) ? dy : dy.Apply(new Pad(pads), Label.For("pad"));
    }

    /// <summary>Rows of an axis by their numbers; a row of zeros behind the last serves the places that get none.</summary>
    public static Value Rearranged(Rearrange op, Value x)
    {
        long size = x.Shape[op.Axis].Size;
        Value source = op.Sources.Contains(-1) ? x.PadAxis(op.Axis, 0, 1) : x;
        long[] rows = [.. op.Sources.Select(s => s < 0 ? size : s)];
        return Node.Derive(new Gather(rows, [rows.Length], op.Axis), "rearrange", source);
    }

    public static Value Flipped(Flip op, Value x) =>
        op.FlippedAxes.Aggregate(x, (turned, axis) => Rearranged(Rearrange.Reverse(axis, turned.Shape[axis].Size), turned));
}

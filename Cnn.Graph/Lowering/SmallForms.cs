using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Expressions of one or two operators.</summary>
internal static class SmallForms
{
    /// <summary>1 where x &gt; 0, else 0. A steep hard sigmoid is the fastest form on CPU: no bool tensor, one pass.</summary>
    public static Value PositiveMask(Value x) => x.Apply(new HardSigmoid(Alpha: 1e30f, Beta: 0), Label.For("mask"));

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

    /// <summary>Zeros around a slice's gradient.</summary>
    public static Value PadAround(SliceGradient op, Value dy)
    {
        int rank = dy.Shape.Rank;
        var pads = new long[2 * rank];
        for (int i = 0; i < op.Slice.Axes.Length; i++)
        {
            int axis = op.Slice.Axes[i];
            pads[axis] = op.Slice.Starts[i];
            pads[axis + rank] = op.InputShape[axis].Size - op.Slice.Ends[i];
        }

        return dy.Apply(new Pad(pads), Label.For("pad"));
    }
}

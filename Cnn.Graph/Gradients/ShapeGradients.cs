using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>Gradients of operators that move pixels: their adjoints.</summary>
internal static class ShapeGradients
{
    /// <summary>What was added goes; what was added as a copy of a pixel is that pixel's as well.</summary>
    public static Value OfPad(Pad op, Shape input, Value dy)
    {
        for (int axis = 0; axis < input.Rank; axis++)
        {
            (long before, long after) = (op.Amounts[axis], op.Amounts[axis + input.Rank]);
            if (before + after > 0)
            {
                dy = AlongAxis(op.Mode, dy, axis, before, input[axis].Size);
            }
        }

        return dy;
    }

    private static Value AlongAxis(PadMode mode, Value dy, int axis, long before, long size)
    {
        long end = before + size, all = dy.Shape[axis].Size;
        Value sum = dy.SliceBy(axis, before, end);
        if (mode != PadMode.Zero && before > 0)
        {
            sum += Copies(mode, dy.SliceBy(axis, 0, before), axis, size, atStart: true);
        }

        if (mode != PadMode.Zero && all > end)
        {
            sum += Copies(mode, dy.SliceBy(axis, end, all), axis, size, atStart: false);
        }

        return sum;
    }

    /// <summary>A border's gradient put where its pixels were copied from: mirrored beside the border pixel, or summed onto it.</summary>
    private static Value Copies(PadMode mode, Value border, int axis, long size, bool atStart)
    {
        (Value copied, int gap) = mode == PadMode.Edge ? (border.Sum([axis], keepDims: true), 0) : (border.Flip([axis]), 1);
        long rest = size - gap - copied.Shape[axis].Size;
        return atStart ? copied.PadAxis(axis, gap, rest) : copied.PadAxis(axis, rest, gap);
    }

    /// <summary>
    /// Blocks of repeated pixels are summed. Else the new picture is A · X · Bᵀ with constant matrices A and B of shares, and the gradient
    /// Aᵀ · dY · B.
    /// </summary>
    public static Value OfResize(Resize op, Shape input, Value dy)
    {
        if (op.Repeats(input) is { } factor)
        {
            return dy.AveragePool2d(factor) * (factor.Height * factor.Width);
        }

        Constant rows = Shares(op, input[2].Size, op.Size.Height, transposed: true, dy.Type.Element);
        Constant columns = Shares(op, input[3].Size, op.Size.Width, transposed: false, dy.Type.Element);
        return Node.Derive(new MatMul(), "rows", rows, Node.Derive(new MatMul(), "columns", dy, columns));
    }

    /// <summary>[to, from]: how much each old pixel counts in each new one; [from, to] transposed.</summary>
    private static Constant Shares(Resize op, long from, long to, bool transposed, ElementType type)
    {
        var shares = new float[to * from];
        foreach ((int i, (long first, long second, double share)) in op.Taps(from, to).Index())
        {
            shares[Place(i, first)] += (float)(1 - share);
            shares[Place(i, second)] += (float)share;
        }

        return Constants.Floats(shares, transposed ? [from, to] : [to, from], type);

        long Place(long row, long column) => transposed ? (column * to) + row : (row * from) + column;
    }
}

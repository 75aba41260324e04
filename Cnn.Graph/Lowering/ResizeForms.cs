using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Resizing in ai.onnx operators.</summary>
internal static class ResizeForms
{
    public static Value Of(Resize op, Value x)
    {
        if (op.Repeats(x.Shape) is { } factor)
        {
            return x.Apply(new Repeat(1, 1, factor.Height, factor.Width), Label.For("repeat"));
        }

        return op.Mode == ResizeMode.Nearest ? Nearest(op, x) : Bilinear(op, x);
    }

    /// <summary>Rows and columns by number: between whole factors, providers round ONNX's Resize in different ways.</summary>
    private static Value Nearest(Resize op, Value x)
    {
        foreach ((int axis, int size) in new[] { (2, op.Size.Height), (3, op.Size.Width) })
        {
            long[] rows = [.. op.Taps(x.Shape[axis].Size, size).Select(tap => tap.First)];
            x = Node.Derive(new Gather(rows, [size], axis), "nearest", x);
        }

        return x;
    }

    private static Value Bilinear(Resize op, Value x)
    {
        var target = x.Shape.With(2, op.Size.Height).With(3, op.Size.Width);
        float[] factors = [1, 1, Factor(x.Shape[2].Size, op.Size.Height), Factor(x.Shape[3].Size, op.Size.Width)];
        return Node.Derive(new BilinearResize(target, factors, op.AlignCorners), "bilinear", x);
    }

    /// <summary>The smallest factor that gives the new size however it is rounded: ONNX takes ⌊size · factor⌋.</summary>
    private static float Factor(long from, long to)
    {
        float factor = (float)((double)to / from);
        while ((double)factor * from < to)
        {
            factor = MathF.BitIncrement(factor);
        }

        return factor;
    }
}

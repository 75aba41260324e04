using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>The longer rows of the gradient table, of layers that slide windows.</summary>
internal static class WindowGradients
{
    /// <summary>A window that is as large as the picture.</summary>
    public static Window Whole(Shape picture)
    {
        int[] size = [.. picture.Skip(2).Select(d => (int)d.Size)], ones = [.. size.Select(_ => 1)], zeros = new int[size.Length];
        return new Window(size, ones, ones, zeros, zeros);
    }

    /// <summary>x · Σ dY / Y over the windows that hold x; nothing from windows of zeros.</summary>
    public static Value L2(L2Pool op, Node n, Value dy)
    {
        (Value x, Value y) = (n.Inputs[0], n.Output);
        Value divisor = y.IsEqual(Arithmetic.Number(0, y)).Where(Arithmetic.Number(1, y), y);
        // The gradient of the mean, times the taps, is that of the sum.
        return x * Derive(new AveragePoolGradient(op.Window, CountPadding: true, x.Shape), dy * op.Window.Taps / divisor);
    }

    /// <summary>In training the random numbers are a second input, of which there is no gradient.</summary>
    public static Value Stochastic(StochasticPool op, Node n, Value dy) =>
        Derive(new StochasticPoolGradient(op), [n.Inputs[0], n.Output, dy, .. n.Inputs.Skip(1)]);

    /// <summary>Pooling with fixed weights is a depthwise convolution.</summary>
    public static Value DistanceWeighted(DistanceWeightedPool op, Node n, Value dy)
    {
        Shape x = n.Inputs[0].Shape;
        Value share = op.Window.IsPadded ? dy * op.Shares(x, dy.Type.Element) : dy;
        return Derive(new ConvInputGradient(op.Window, (int)x[1].Size, x), share, op.Kernels(x, dy.Type.Element));
    }

    public static Fold FoldOf(Unfold op, Node n) => new(op.Window, [.. n.Inputs[0].Shape.Skip(2).Select(d => (int)d.Size)]);

    /// <summary>For the product of matrices at each position, Y = W · X: dX = Wᵀ · dY, dW = dY · Xᵀ.</summary>
    public static IReadOnlyList<Value?> LocallyConnected(LocallyConnected op, Node n, Value dy)
    {
        (Value x, Value w) = (n.Inputs[0], n.Inputs[1]);
        var unfold = new Unfold(op.Window);
        Value columns = Derive(unfold, x), errors = Operators.LocallyConnected.ByPosition(dy);
        Value dx = Derive(new MatMul(), op.Matrices(w).TransposeBy(0, 1, 3, 2), errors);
        Value dw = Derive(new MatMul(), errors, Operators.LocallyConnected.ByPosition(columns).TransposeBy(0, 1, 3, 2));
        Value folded = Derive(FoldOf(unfold, n), Operators.LocallyConnected.ToPictures(dx, columns.Shape));
        return [folded, dw.ReshapeTo(w.Shape), dy];
    }

    private static Value Derive(Operator op, params IReadOnlyList<Value> inputs) => Node.Derive(op, OperatorNames.Snake(op.Name), inputs);
}

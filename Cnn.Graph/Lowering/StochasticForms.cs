using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Stochastic pooling in ai.onnx operators: without random numbers as it is used, with them as it is trained.</summary>
internal static class StochasticForms
{
    /// <summary>Σ x² / Σ x, or the element that the random numbers choose.</summary>
    public static Value Forward(Window window, Value x, Value? uniform, Shape y)
    {
        if (uniform is null)
        {
            return Mean(window, x * x) / Divisor(window, x);
        }

        (Value columns, Value chosen) = Choose(window, x, uniform);
        return (columns * chosen).Sum([2]).ReshapeTo(y);
    }

    /// <summary>Of y = Σ x² / Σ x it is (2x − y) / Σ x; where elements were chosen, they get it all.</summary>
    public static Value Gradient(Window window, Value x, Value y, Value dy, Value? uniform)
    {
        if (uniform is null)
        {
            Value share = dy / Divisor(window, x);
            return (2 * x * Spread(share)) - Spread(share * y);
        }

        (_, Value chosen) = Choose(window, x, uniform);
        Value marked = chosen * dy.ReshapeTo(dy.Shape[0], dy.Shape[1], 1, chosen.Shape[3]);
        return Columns.Fold(marked.ReshapeTo([dy.Shape[0], dy.Shape[1].Size * window.Taps, .. dy.Shape.Skip(2)]), window, x.Shape);

        Value Spread(Value v) => PoolingForms.AverageGradient(new AveragePoolGradient(window, CountPadding: true, x.Shape), v);
    }

    /// <summary>
    /// The window's elements, [N, C, taps, positions], and marks of the same shape: 1 at the first element at which the running sum is at
    /// least the given share of the whole sum.
    /// </summary>
    private static (Value Columns, Value Chosen) Choose(Window window, Value x, Value uniform)
    {
        int taps = window.Taps;
        Dimension[] perWindow = [x.Shape[0], x.Shape[1], 1, new Shape(uniform.Shape.Skip(2)).CountPerSample()];
        Value columns = Columns.Of(x, window).ReshapeTo(x.Shape[0], x.Shape[1], taps, perWindow[3]);
        Value running = Node.Derive(new MatMul(), "running_sum", PoolingForms.Lower(taps, isStrict: false, x.Type.Element), columns);
        Value aim = uniform.ReshapeTo(perWindow) * running.SliceBy(2, taps - 1, taps);
        // What is missing is cut off at zero, where equality is exact.
        Value reached = (aim - running).Relu().IsEqual(Arithmetic.Number(0, x)).Where(Arithmetic.Number(1, x), Arithmetic.Number(0, x));
        return (columns, PoolingForms.FirstOf(reached, taps));
    }

    private static Value Mean(Window window, Value x) => Node.Derive(new AveragePool(window, CountPadding: true), "mean", x);

    /// <summary>The mean, and 1 in windows of zeros, which are zero whatever they are divided by.</summary>
    private static Value Divisor(Window window, Value x)
    {
        Value mean = Mean(window, x);
        return mean.IsEqual(Arithmetic.Number(0, x)).Where(Arithmetic.Number(1, x), mean);
    }
}

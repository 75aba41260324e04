using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>Sums and means, such as make the scalar of which gradients are taken.</summary>
public static class ReductionLayers
{
    /// <summary>The sum over some axes (ONNX ReduceSum).</summary>
    /// <param name="input">Any tensor.</param>
    /// <param name="axes">The axes that go, negative ones counted from the end; all by default, which gives a scalar.</param>
    /// <param name="keepDims">Whether they stay with size 1.</param>
    /// <param name="name">The layer's name; <c>sum1</c>… by default.</param>
    public static Value Sum(this Value input, int[]? axes = null, bool keepDims = false, string? name = null)
    {
        int[] reduced = Axes(input, axes);
        return reduced.Length == 0 ? input : input.Apply(new ReduceSum(reduced, keepDims), Label.For("sum", name));
    }

    /// <summary>The mean over some axes (ONNX ReduceMean).</summary>
    /// <param name="input">Any tensor.</param>
    /// <param name="axes">The axes that go, negative ones counted from the end; all by default, which gives a scalar.</param>
    /// <param name="keepDims">Whether they stay with size 1.</param>
    /// <param name="name">The layer's name; <c>mean1</c>… by default.</param>
    public static Value Mean(this Value input, int[]? axes = null, bool keepDims = false, string? name = null)
    {
        int[] reduced = Axes(input, axes);
        return reduced.Length == 0 ? input : input.Apply(new ReduceMean(reduced, keepDims), Label.For("mean", name));
    }

    private static int[] Axes(Value input, int[]? axes)
    {
        ArgumentNullException.ThrowIfNull(input);
        int rank = input.Shape.Rank;
        return axes is null ? input.AllAxes() : [.. axes.Select(a => a < 0 && a >= -rank ? a + rank : a)];
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>The gradients of normalisations.</summary>
internal static class NormalizationGradients
{
    /// <summary>
    /// For y = x̂ · scale + shift with x̂ = (x − mean) / σ: with d = dY · scale, dX = (d − mean(d) − x̂ · mean(d · x̂)) / σ. The variance
    /// is the mean of squared differences, which does not suffer from a large mean as E[x²] − E[x]² does.
    /// </summary>
    public static IReadOnlyList<Value?> WithinSamples(SampleNormalization op, Node n, Value dy)
    {
        Value x = op.Split(n.Inputs[0]), d = op.Split(dy * op.Spread(n.Inputs[1], dy.Shape));
        Value centred = x - Mean(x), deviation = (Mean(centred.Square()) + op.Epsilon).Sqrt(), normal = centred / deviation;
        Value dx = (d - Mean(d) - (normal * Mean(d * normal))) / deviation;
        int[] repeated = op.RepeatedAxes(dy.Shape);
        return [dx.ReshapeTo(dy.Shape), (dy * normal.ReshapeTo(dy.Shape)).Sum(repeated), dy.Sum(repeated)];

        static Value Mean(Value groups) => groups.Mean([2], keepDims: true);
    }

    /// <summary>
    /// With D the denominator before its power: dX = dY · D^−β − 2β · X · Σ A · dY · Y / D, summed over the windows that hold X.
    /// </summary>
    public static Value BetweenChannels(LocalResponseNorm op, Node n, Value dy)
    {
        Value denominator = op.Denominator(n.Inputs[0]);
        Value others = op.SumOverWindows(dy * n.Output / denominator, isAdjoint: true);
        return (dy * denominator.Pow(-op.Beta)) - (2 * op.Beta * n.Inputs[0] * others);
    }
}

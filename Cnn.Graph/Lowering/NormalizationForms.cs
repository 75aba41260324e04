using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Normalisations in ai.onnx operators, where these lack them.</summary>
internal static class NormalizationForms
{
    /// <summary>
    /// Groups as the channels of an instance normalisation, then scale and shift: Reshape, InstanceNormalization, Reshape, Mul, Add.
    /// </summary>
    public static Value WithinSamples(SampleNormalization op, Value x, Value scale, Value shift)
    {
        Value groups = op.Split(x);
        Constant one = Constants.Filled(1, new(groups.Shape[1]), x.Type.Element), zero = Constants.Filled(0, new(groups.Shape[1]), x.Type.Element);
        Value normal = Node.Derive(new InstanceNorm(op.Epsilon), "normal", groups, one, zero);
        return (normal.ReshapeTo(x.Shape) * op.Spread(scale, x.Shape)) + op.Spread(shift, x.Shape);
    }

    /// <summary>x · D^−β.</summary>
    public static Value BetweenChannels(LocalResponseNorm op, Value x) => x * op.Denominator(x).Pow(-op.Beta);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>Normalisations in ai.onnx operators, where these lack them.</summary>
internal static class NormalizationForms
{
    /// <summary>Groups as the channels of an instance normalisation, then scale and shift: Reshape, InstanceNormalization, Reshape, Mul, Add.</summary>
    public static Value WithinSamples(SampleNormalization op, Value x, Value scale, Value shift)
    {
        Value groups = op.Split(x);
        long count = groups.Shape[1].Size;
        Value normal = Node.Derive(new InstanceNormalization(op.Epsilon), "normal", groups, Filled(1, count, x), Filled(0, count, x));
        return (normal.ReshapeTo(x.Shape) * op.Spread(scale, x.Shape)) + op.Spread(shift, x.Shape);
    }

    /// <summary>x · D^−β.</summary>
    public static Value BetweenChannels(LocalResponseNormalization op, Value x) => x * op.Denominator(x).Pow(-op.Beta);

    private static Constant Filled(float number, long count, Value like) =>
        Constants.Floats([.. Enumerable.Repeat(number, (int)count)], [count], like.Type.Element);
}

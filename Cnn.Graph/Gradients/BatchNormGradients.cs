using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>The gradients of batch normalisation; scale, mean and deviation are numbers for each channel.</summary>
internal sealed class BatchNormGradients
{
    private readonly Value _perDeviation, _centred, _slope, _scale, _shift;

    private BatchNormGradients(Node n, Value dy)
    {
        _perDeviation = 1 / (n.Inputs[4] + ((ChannelNormalization)n.Op).Epsilon).Sqrt();
        // As the forward pass had it; equal expressions are computed once.
        _centred = n.Inputs[0] - n.Inputs[3].AlongChannels(dy);
        _slope = n.Inputs[1] * _perDeviation;
        _shift = dy.Sum(dy.AllButChannels());
        _scale = (dy * _centred).Sum(dy.AllButChannels()) * _perDeviation;
    }

    /// <summary>With fixed statistics every channel is just scaled and shifted.</summary>
    public static IReadOnlyList<Value?> Frozen(Node n, Value dy)
    {
        var g = new BatchNormGradients(n, dy);
        return [dy * g._slope.AlongChannels(dy), g._scale, g._shift, null, null];
    }

    /// <summary>
    /// With s = scale / σ and m elements a channel: dx = s·dy − s/m · (Σ dy + x̂ · Σ dy·x̂), of which only dy and x − mean vary within a
    /// channel.
    /// </summary>
    public static IReadOnlyList<Value?> Training(Node n, Value dy)
    {
        var g = new BatchNormGradients(n, dy);
        Value share = g._slope / dy.CountAlong(dy.AllButChannels());
        Value dx = (dy * g._slope.AlongChannels(dy))
            - (g._centred * (share * g._scale * g._perDeviation).AlongChannels(dy))
            - (share * g._shift).AlongChannels(dy);
        return [dx, g._scale, g._shift, null, null];
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>Pooling in tiles, and its gradients, as reductions over phases.</summary>
internal static class PoolingRules
{
    public static Laid Forward(BatchLastLayout l, Node n, int tile)
    {
        Value x = l.Last(n.Inputs[0]).Phased(tile).Expanded().Data;
        Shape pooled = new(x.Shape.Skip(1));
        int phases = tile * tile;
        Value rows = x.ReshapeTo(phases, pooled.CountPerSample());
        if (n.Op is MaxPool)
        {
            return new(rows.Max([0]).ReshapeTo(pooled));
        }

        var share = new float[phases];
        share.AsSpan().Fill(1f / phases);
        Constant shares = Constants.Floats(share, [1, phases], x.Type.Element);
        return new(Node.Derive(new MatMul(), "mean", [shares, rows]).ReshapeTo(pooled));
    }

    /// <summary>Every pixel of a tile gets the same share.</summary>
    public static Laid AverageGradient(BatchLastLayout l, Node n, int tile) =>
        new((l.Last(n.Inputs[0]).Unphased().Data / (tile * tile)).ReshapeTo([1, .. l.Last(n.Inputs[0]).Unphased().Data.Shape]), tile);

    /// <summary>The first maximum of a tile gets it all.</summary>
    public static Laid MaxGradient(BatchLastLayout l, Node n, int tile)
    {
        Value x = l.Last(n.Inputs[0]).Phased(tile).Expanded().Data;
        int phases = tile * tile;
        long pixels = new Shape(x.Shape.Skip(1)).CountPerSample();
        Value y = l.Last(n.Inputs[1]).Unphased().Data.ReshapeTo(1, pixels), dy = l.Last(n.Inputs[2]).Unphased().Data.ReshapeTo(1, pixels);
        Value ties = x.ReshapeTo(phases, pixels).IsEqual(y).Where(Arithmetic.Number(1, x), Arithmetic.Number(0, x));
        return new((PoolingForms.FirstOf(ties, phases) * dy).ReshapeTo(x.Shape), tile);
    }
}

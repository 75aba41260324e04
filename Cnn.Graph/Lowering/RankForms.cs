using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>
/// Pooling by rank as a sorting network, since sorting operators are not to be had everywhere: Batcher's merge exchange (Knuth, The Art of
/// Computer Programming, 5.2.2, algorithm M) over the window's taps, each exchange a minimum and a maximum of whole maps. Exchanges on
/// which the wanted rank does not depend are in nobody's graph.
/// </summary>
internal static class RankForms
{
    public static Value Ranked(RankPool op, Value x, Shape y)
    {
        int taps = op.Window.Taps;
        Dimension positions = new Shape(y.Skip(2)).CountPerSample();
        Value columns = Columns.Of(x, op.Window).ReshapeTo(x.Shape[0], x.Shape[1], taps, positions);
        Value[] sorted = [.. Enumerable.Range(0, taps).Select(tap => columns.SliceBy(2, tap, tap + 1))];
        foreach ((int low, int high) in Exchanges(taps))
        {
            (sorted[low], sorted[high]) = (sorted[low].Minimum(sorted[high]), sorted[low].Maximum(sorted[high]));
        }

        return sorted[op.Rank].ReshapeTo(y);
    }

    /// <summary>The pairs of places to put in order, one after the other.</summary>
    internal static IEnumerable<(int Low, int High)> Exchanges(int count)
    {
        int top = 1;
        while (top * 2 < count)
        {
            top *= 2;
        }

        for (int p = top; p > 0; p /= 2)
        {
            for (int q = top, r = 0, d = p; d > 0; d = q - p, q /= 2, r = p)
            {
                for (int i = 0; i < count - d; i++)
                {
                    if ((i & p) == r)
                    {
                        yield return (i, i + d);
                    }
                }
            }
        }
    }
}

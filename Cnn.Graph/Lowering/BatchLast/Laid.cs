using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>
/// A batched value with its batch as the last axis: [N, C, H, W] lies as [C, H, W, N], [N, F] as [F, N]. With a phase p above 1 a picture
/// lies as [p², C, H/p, W/p, N]: all pixels of equal row and column modulo p together, so that pooling p×p tiles is a reduction over
/// the first axis. That axis may be 1 where all phases are equal.
/// </summary>
internal sealed record Laid(Value Data, int Phase = 1)
{
    /// <summary>The tensor.</summary>
    public Value Data { get; } = Data.Producer is { Faults.Count: > 0 } faulty
        ? throw new InvalidOperationException($"{faulty}: {string.Join(" ", faulty.Faults)}")
        : Data;

    public long Batch => Data.Shape[^1].Size;

    /// <summary>The value as a matrix: all but the last axis in rows.</summary>
    public Value Rows => Data.ReshapeTo(Data.Shape.CountPerSample() / Batch, Batch);

    /// <summary>From the usual order, [N, …].</summary>
    public static Laid Of(Value batchFirst) => batchFirst.Shape.Rank < 2
        ? new(batchFirst)
        : new(batchFirst.TransposeBy([.. Enumerable.Range(1, batchFirst.Shape.Rank - 1), 0]));

    /// <summary>Back to the usual order.</summary>
    public Value ToBatchFirst()
    {
        Value plain = Unphased().Data;
        int rank = plain.Shape.Rank;
        return rank < 2 ? plain : plain.TransposeBy([rank - 1, .. Enumerable.Range(0, rank - 1)]);
    }

    /// <summary>The same with the phases put back in place.</summary>
    public Laid Unphased()
    {
        if (Phase == 1)
        {
            return this;
        }

        Laid full = Expanded();
        Shape s = full.Data.Shape;
        Value split = full.Data.ReshapeTo(Phase, Phase, s[1], s[2], s[3], s[4]);
        return new(split.TransposeBy(2, 3, 0, 4, 1, 5).ReshapeTo(s[1], s[2].Size * Phase, s[3].Size * Phase, s[4]));
    }

    /// <summary>The same pixels sorted by phase.</summary>
    public Laid Phased(int phase)
    {
        if (Phase == phase)
        {
            return this;
        }

        Laid plain = Unphased();
        Shape s = plain.Data.Shape;
        Value split = plain.Data.ReshapeTo(s[0], s[1].Size / phase, phase, s[2].Size / phase, phase, s[3]);
        return new(split.TransposeBy(2, 4, 0, 1, 3, 5).ReshapeTo(phase * phase, s[0], s[1].Size / phase, s[2].Size / phase, s[3]), phase);
    }

    /// <summary>The same with every phase written out.</summary>
    public Laid Expanded() => Phase == 1 || Data.Shape[0].Size != 1
        ? this
        : new(Data.Apply(new Expand(Data.Shape.With(0, Phase * Phase)), Label.For("expand")), Phase);
}

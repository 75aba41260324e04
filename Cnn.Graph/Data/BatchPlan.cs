using Cnn.Graph.Randomness;

namespace Cnn.Graph.Data;

/// <summary>The order in which samples are visited.</summary>
public enum SampleOrder
{
    /// <summary>A new random order in every epoch, the same one for the same seed.</summary>
    Shuffled,

    /// <summary>The order of the file, in every epoch.</summary>
    File,
}

/// <summary>
/// Cuts a set into batches, epoch by epoch. The order depends on seed, epoch and number of samples only, neither on the machine nor on
/// earlier epochs, so a resumed training sees what an uninterrupted one would have seen. Immutable.
/// </summary>
public sealed class BatchPlan
{
    /// <summary>Creates a plan.</summary>
    /// <param name="sampleCount">The number of samples, above 0.</param>
    /// <param name="batchSize">Samples in a batch, above 0; an epoch's last batch holds what is left over.</param>
    /// <param name="order">The order of the samples; shuffled by default.</param>
    /// <param name="seed">The seed of the shuffled order; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not above 0.</exception>
    public BatchPlan(int sampleCount, int batchSize, SampleOrder order = SampleOrder.Shuffled, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (SampleCount, BatchSize, Order, Seed) = (sampleCount, batchSize, order, seed);
    }

    /// <summary>The number of samples in an epoch.</summary>
    public int SampleCount { get; }

    /// <summary>Samples in a batch, save an epoch's last.</summary>
    public int BatchSize { get; }

    /// <summary>The order of the samples.</summary>
    public SampleOrder Order { get; }

    /// <summary>The seed of the shuffled order.</summary>
    public long Seed { get; }

    /// <summary>Batches in an epoch, the last and possibly smaller one included.</summary>
    public int BatchesPerEpoch => ((SampleCount - 1) / BatchSize) + 1;

    /// <summary>The order of one epoch: every sample's index exactly once.</summary>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    public ReadOnlyMemory<int> Samples(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        int[] indices = [.. Enumerable.Range(0, SampleCount)];
        if (Order == SampleOrder.Shuffled)
        {
            new CounterRandom(Seed, "shuffle").Substream(epoch).Shuffle<int>(indices);
        }

        return indices;
    }

    /// <summary>The batches of one epoch, each the indices of its samples.</summary>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <param name="firstBatch">The batch to begin with, from 0: how many are already done when training resumes within an epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there is no such batch.</exception>
    public IEnumerable<ReadOnlyMemory<int>> Batches(int epoch, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        return Cut(Samples(epoch), firstBatch);
    }

    private IEnumerable<ReadOnlyMemory<int>> Cut(ReadOnlyMemory<int> samples, int firstBatch)
    {
        for (int batch = firstBatch; batch < BatchesPerEpoch; batch++)
        {
            int start = batch * BatchSize;
            yield return samples.Slice(start, Math.Min(BatchSize, SampleCount - start));
        }
    }
}

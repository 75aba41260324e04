using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cnn.Graph.Data;

/// <summary>
/// Copies images and labels of chosen samples into a network's input buffers. The 256 possible values of each channel are normalized
/// once, so a pixel costs one table look-up. Safe to share between threads.
/// </summary>
public sealed class BatchFiller
{
    private readonly float[][] _tables;

    /// <summary>Prepares to feed a set.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="normalization">How to make inputs of pixels.</param>
    /// <exception cref="ArgumentException">The normalization has another number of channels than the images.</exception>
    public BatchFiller(ImageDataset dataset, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(normalization);
        if (normalization.Channels != dataset.Channels)
        {
            throw new ArgumentException(
                $"A normalization of {normalization.Channels} channels does not fit '{dataset}'.", nameof(normalization));
        }

        Dataset = dataset;
        Normalization = normalization;
        _tables = [.. Enumerable.Range(0, dataset.Channels).Select(
            channel => Enumerable.Range(0, 256).Select(pixel => normalization.Apply((byte)pixel, channel)).ToArray())];
    }

    /// <summary>The samples.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>How inputs are made of pixels.</summary>
    public Normalization Normalization { get; }

    /// <summary>Fills the front of both buffers with the chosen samples, in the order given.</summary>
    /// <param name="indices">Which samples, from 0.</param>
    /// <param name="images">Receives [indices, channels, height, width]; what is beyond stays as it is.</param>
    /// <param name="labels">Receives [indices]; what is beyond stays as it is.</param>
    /// <exception cref="ArgumentException">A buffer is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public void Fill(ReadOnlySpan<int> indices, Span<float> images, Span<long> labels)
    {
        long needed = (long)indices.Length * Dataset.ImageSize;
        if (images.Length < needed || labels.Length < indices.Length)
        {
            throw new ArgumentException(
                $"A batch of {indices.Length} needs {needed} floats and {indices.Length} labels, "
                + $"but there is room for {images.Length} and {labels.Length}.");
        }

        int area = Dataset.Height * Dataset.Width;
        for (int i = 0; i < indices.Length; i++)
        {
            labels[i] = Dataset.Label(indices[i]);
            ReadOnlySpan<byte> image = Dataset.Image(indices[i]);
            Span<float> target = images.Slice(i * Dataset.ImageSize, Dataset.ImageSize);
            for (int c = 0; c < _tables.Length; c++)
            {
                LookUp(image.Slice(c * area, area), _tables[c], target.Slice(c * area, area));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // else the whole first epoch may run unoptimized
    private static void LookUp(ReadOnlySpan<byte> pixels, float[] table, Span<float> target)
    {
        // A byte cannot leave a table of 256, which the compiler does not know.
        ref float first = ref MemoryMarshal.GetArrayDataReference(table);
        for (int i = 0; i < pixels.Length && i < target.Length; i++)
        {
            target[i] = Unsafe.Add(ref first, pixels[i]);
        }
    }
}

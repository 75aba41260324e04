namespace Cnn.Graph.Data;

/// <summary>Mean and standard deviation of a set's pixels, exact up to the last division because they are counted in integers.</summary>
internal static class PixelStatistics
{
    /// <summary>Mean and population standard deviation of each channel, in units of the full scale 255.</summary>
    /// <exception cref="ArgumentException">The set has no images.</exception>
    public static (double Mean, double Std)[] Of(ImageDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
        {
            throw new ArgumentException($"'{dataset.Name}' has no images to take a mean of.", nameof(dataset));
        }

        int area = dataset.Height * dataset.Width;
        long[][] histograms = [.. Enumerable.Range(0, dataset.Channels).Select(_ => new long[256])];
        ReadOnlySpan<byte> pixels = dataset.Pixels;
        for (int plane = 0; plane * (long)area < pixels.Length; plane++)
        {
            long[] histogram = histograms[plane % dataset.Channels];
            foreach (byte pixel in pixels.Slice(plane * area, area))
            {
                histogram[pixel]++;
            }
        }

        return [.. histograms.Select(MeanAndStd)];
    }

    private static (double Mean, double Std) MeanAndStd(long[] histogram)
    {
        long count = histogram.Sum();
        long sum = 0;
        long squares = 0;
        for (int value = 0; value < histogram.Length; value++)
        {
            sum += value * histogram[value];
            squares += (long)value * value * histogram[value];
        }

        double mean = (double)sum / count;
        return (mean / 255, Math.Sqrt(Math.Max(0, ((double)squares / count) - (mean * mean))) / 255);
    }
}

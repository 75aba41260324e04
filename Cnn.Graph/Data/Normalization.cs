using System.Globalization;

namespace Cnn.Graph.Data;

/// <summary>
/// Makes network inputs of pixels: x = (pixel / 255 − mean) / std, with one mean and one standard deviation per channel, both in units
/// of the full scale 255. Immutable; two with the same numbers are equal.
/// </summary>
public sealed class Normalization : IEquatable<Normalization>
{
    /// <summary>Creates a normalization.</summary>
    /// <param name="mean">The mean of each channel, 0 to 1.</param>
    /// <param name="std">The standard deviation of each channel, above 0.</param>
    /// <exception cref="ArgumentException">No channels, different numbers of channels, or a number that cannot be divided by.</exception>
    public Normalization(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Count == 0 || mean.Count != std.Count)
        {
            throw new ArgumentException(
                $"A normalization needs one mean and one standard deviation per channel, not {mean.Count} and {std.Count}.");
        }

        if (!mean.All(float.IsFinite) || !std.All(s => float.IsFinite(s) && s > 0))
        {
            throw new ArgumentException("A normalization needs finite means and standard deviations above 0.");
        }

        (Mean, Std) = ([.. mean], [.. std]);
    }

    /// <summary>The mean and standard deviation of MNIST's training set.</summary>
    public static Normalization Mnist { get; } = new([0.1307f], [0.3081f]);

    /// <summary>The mean and standard deviation of Fashion-MNIST's training set.</summary>
    public static Normalization FashionMnist { get; } = new([0.2860f], [0.3530f]);

    /// <summary>The means and standard deviations of CIFAR-10's training set: red, green, blue.</summary>
    public static Normalization Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]);

    /// <summary>The mean of each channel.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>The standard deviation of each channel.</summary>
    public IReadOnlyList<float> Std { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => Mean.Count;

    /// <summary>Means as text for a model's metadata: numbers with a decimal point, separated by commas.</summary>
    public string MeanText => Join(Mean);

    /// <summary>Standard deviations as text for a model's metadata: numbers with a decimal point, separated by commas.</summary>
    public string StdText => Join(Std);

    /// <summary>Only scales pixels to 0 … 1.</summary>
    /// <param name="channels">The number of channels.</param>
    public static Normalization ScaleOnly(int channels) => new(new float[channels], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>
    /// The means and standard deviations of a set, rounded to four decimals as they are usually published. A channel of one colour
    /// throughout keeps its scale (standard deviation 1).
    /// </summary>
    /// <param name="dataset">A set with at least one image.</param>
    /// <exception cref="ArgumentException">The set has no images.</exception>
    public static Normalization Of(ImageDataset dataset)
    {
        (double Mean, double Std)[] exact = PixelStatistics.Of(dataset);
        return new(
            [.. exact.Select(c => (float)Math.Round(c.Mean, 4))],
            [.. exact.Select(c => Math.Round(c.Std, 4) is > 0 and double std ? (float)std : 1f)]);
    }

    /// <summary>Reads what <see cref="MeanText"/> and <see cref="StdText"/> wrote.</summary>
    /// <param name="mean">Means, separated by commas.</param>
    /// <param name="std">Standard deviations, separated by commas.</param>
    /// <exception cref="DataFormatException">The texts are not such lists.</exception>
    public static Normalization Parse(string mean, string std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        try
        {
            return new(Split(mean), Split(std));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new DataFormatException(
                $"mean '{mean}' and std '{std}' are no normalization: one number per channel is needed in each, std above 0.", e);
        }
    }

    /// <summary>The network's input for one pixel.</summary>
    /// <param name="pixel">0 to 255.</param>
    /// <param name="channel">The pixel's channel, from 0.</param>
    public float Apply(byte pixel, int channel = 0) => ((pixel / 255f) - Mean[channel]) / Std[channel];

    /// <inheritdoc/>
    public bool Equals(Normalization? other) => other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Normalization);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Channels, Mean[0], Std[0]);

    /// <summary>Means and standard deviations.</summary>
    public override string ToString() => $"mean {MeanText}, std {StdText}";

    private static string Join(IEnumerable<float> numbers) =>
        string.Join(',', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));

    private static float[] Split(string text) =>
        [.. text.Split(',').Select(n => float.Parse(n, NumberStyles.Float, CultureInfo.InvariantCulture))];
}

using Cnn.Graph.Architectures;
using Cnn.Graph.Data;

namespace Cnn.Graph.Cli.Bench;

/// <summary>
/// Pictures with something to learn, the same ones every time: a bright stripe whose height tells the class, and noise. Of noise alone deep
/// networks with batch normalisation have gradients that are mostly rounding.
/// </summary>
internal static class StripedPictures
{
    /// <exception cref="CnnGraphException">The architecture takes signals.</exception>
    public static ImageDataset Of(int count, Architecture architecture, Design design)
    {
        ImageDataset noise = RandomPictures.Of(count, architecture, design);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % design.Classes)];
        byte[] pixels = [.. Enumerable.Range(0, count).SelectMany(i => Striped(noise, i, (double)labels[i] / design.Classes))];
        return new ImageDataset("stripes", noise.Channels, noise.Height, noise.Width, pixels, labels, noise.LabelNames);
    }

    private static IEnumerable<byte> Striped(ImageDataset noise, int index, double place)
    {
        byte[] picture = noise.Image(index).ToArray();
        int first = (int)(place * noise.Height), thickness = Math.Max(noise.Height / 10, 1);
        return picture.Select((p, i) => (byte)((p / 4) + ((i / noise.Width % noise.Height) - first is var row && row >= 0 && row < thickness ? 160 : 20)));
    }
}

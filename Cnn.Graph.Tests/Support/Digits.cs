using Cnn.Graph.Data;
using Cnn.Graph.Randomness;

namespace Cnn.Graph.Tests.Support;

/// <summary>
/// Small labelled pictures that a network can learn within seconds: a bright bar whose place tells the class, plus noise.
/// </summary>
internal static class Digits
{
    public static ImageDataset Of(int count, int classes = 4, int side = 12, int channels = 1, long seed = 1)
    {
        var random = new CounterRandom(seed, "digits");
        var pixels = new byte[count * channels * side * side];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.Below(i, classes);
            int row = labels[i] * (side - 2) / Math.Max(classes - 1, 1);
            Span<byte> picture = pixels.AsSpan(i * channels * side * side, channels * side * side);
            CounterRandom noise = random.Substream(i);
            for (int p = 0; p < picture.Length; p++)
            {
                int y = p / side % side;
                picture[p] = (byte)((y == row || y == row + 1 ? 160 : 20) + noise.Below(p, 60));
            }
        }

        return new ImageDataset("digits", channels, side, side, pixels, labels, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);
    }

    /// <summary>
    /// A network for these pictures: convolution, batch normalisation on request, pooling, dropout on request, a dense layer.
    /// </summary>
    public static Network Network(float dropout = 0, int side = 12, int classes = 4, RunningAverage? average = null)
    {
        Ir.Value x = Graph.Network.Input("image", 1, side, side).Conv2d(4, kernel: 3, padding: 1);
        x = (average is null ? x : x.BatchNorm(average: average)).Relu().MaxPool2d(2).Flatten().Dense(16).Tanh();
        return (dropout > 0 ? x.Dropout(dropout) : x).Dense(classes).Build("small");
    }

    /// <summary>A network for these pictures with every kind of layer that needs random numbers in training.</summary>
    public static Network NoisyNetwork() => Graph.Network.Input("image", 1, 12, 12)
        .Conv2d(4, kernel: 3, padding: 1).Relu().StochasticPool2d(2).Conv2d(4, kernel: 3).Relu().SpatialDropout(0.25)
        .Flatten().Dense(16).Tanh().Dropout(0.5, DropoutForm.Original).Dropout(0.125).Dense(4).Build("noisy");
}

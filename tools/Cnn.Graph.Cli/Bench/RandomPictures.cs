using Cnn.Graph.Architectures;
using Cnn.Graph.Data;
using Cnn.Graph.Randomness;

namespace Cnn.Graph.Cli.Bench;

/// <summary>Pictures of noise for measuring speed, the same ones every time.</summary>
internal static class RandomPictures
{
    /// <exception cref="CnnGraphException">The architecture takes signals.</exception>
    public static ImageDataset Of(int count, Architecture architecture, Design design) => design.Input.Count == 3
        ? Of(count, design.Input, design.Classes)
        : throw new CnnGraphException($"'{architecture.Id}' takes signals of {Figures.Shape(design.Input)}, but this is done with pictures.");

    private static ImageDataset Of(int count, IReadOnlyList<int> input, int classes)
    {
        var random = new CounterRandom(0, "bench");
        var pixels = new byte[checked(count * input[0] * input[1] * input[2])];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.Bits(i);
        }

        CounterRandom labels = random.Substream(1);
        return new ImageDataset(
            "noise", input[0], input[1], input[2], pixels, Enumerable.Range(0, count).Select(i => labels.Below(i, classes)).ToArray(),
            [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);
    }
}

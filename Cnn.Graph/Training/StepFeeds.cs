using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph.Training;

/// <summary>What a step is fed beside pictures and labels, wherever it runs.</summary>
internal static class StepFeeds
{
    /// <summary>Where the random numbers of a training come from.</summary>
    public static CounterRandom NoiseOf(long seed) => new(seed, "dropout"); // another name would draw other numbers

    /// <summary>Draws what is fed to an input in a step.</summary>
    public static void Draw(Input input, float[] numbers, CounterRandom noise, long step) =>
        input.Noise!.Fill(numbers, noise.Substream(unchecked((long)CounterRandom.Fnv1a(input.Name))).Substream(step));

    /// <summary>Makes target values of labels: 1 at each sample's label, 0 elsewhere.</summary>
    public static void FillTargets(float[] targets, long[] labels)
    {
        int classes = targets.Length / labels.Length;
        Array.Clear(targets);
        for (int i = 0; i < labels.Length; i++)
        {
            targets[(i * classes) + (int)labels[i]] = 1;
        }
    }
}

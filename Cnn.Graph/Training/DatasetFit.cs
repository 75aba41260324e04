using Cnn.Graph.Data;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Training;

/// <summary>Whether a network can learn from a set.</summary>
internal static class DatasetFit
{
    /// <exception cref="CnnGraphException">
    /// The set is empty, its pictures have another size, the network gives no scores, or the set has more classes than it tells apart.
    /// </exception>
    public static void Require(Network network, ImageDataset set)
    {
        if (set.Count == 0)
        {
            throw new CnnGraphException($"'{set.Name}' has no pictures to learn from.");
        }

        Shape input = network.Inputs[0].Shape;
        long[] sample = [set.Channels, set.Height, set.Width];
        if (!input.Skip(1).Select(d => d.Size).SequenceEqual(sample))
        {
            throw new CnnGraphException(
                $"'{network.Name}' takes {string.Join("x", input.Skip(1))}, but the pictures of '{set.Name}' are {string.Join("x", sample)}. " +
                "Build the network for that size.");
        }

        Shape scores = network.Outputs[0].Shape;
        if (scores.Rank != 2)
        {
            throw new CnnGraphException(
                $"'{network.Name}' gives {scores}, not scores [N, classes], so that the labels of '{set.Name}' cannot teach it.");
        }

        long classes = scores[^1].Size;
        if (classes < set.ClassCount)
        {
            throw new CnnGraphException(
                $"'{network.Name}' tells {classes} classes apart, but '{set.Name}' has {set.ClassCount}. Build the network for {set.ClassCount} classes.");
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>
/// The most bytes of activations that are alive at once while one sample passes a network in use. The layers run in the order of
/// <see cref="Network.Nodes"/>; while a layer runs, its inputs and its outputs are alive; a value is freed behind the last layer that takes
/// it, outputs of the network never. No layer writes over its input; only reshapes show the same bytes once more. Inputs of the network
/// count, what depends on parameters alone does not.
/// </summary>
internal static class ForwardMemory
{
    public static long Peak(Network network)
    {
        Dictionary<Value, int> lastUses = LastUses(network);
        var alive = new HashSet<Value>(lastUses.Keys.Where(v => v is Input), ReferenceEqualityComparer.Instance);
        long bytes = alive.Sum(Bytes), peak = bytes;
        foreach ((int at, Node node) in network.Nodes.Index())
        {
            foreach (Value output in node.Outputs.Where(o => lastUses.ContainsKey(o) && alive.Add(o)))
            {
                bytes += Bytes(output);
            }

            peak = Math.Max(peak, bytes);
            IEnumerable<Value> buffers = node.Inputs.Concat(node.Outputs).Select(Buffer);
            foreach (Value done in buffers.Where(v => lastUses.GetValueOrDefault(v, -1) == at && alive.Remove(v)))
            {
                bytes -= Bytes(done);
            }
        }

        return peak;
    }

    /// <summary>Bytes of a value for one sample, or for the batch where it is bound.</summary>
    public static long Bytes(Value value) => value.Shape.CountPerSample() * value.Type.Element.SizeInBytes();

    /// <summary>The value whose bytes a value shows: its own but for reshapes.</summary>
    public static Value Buffer(Value value)
    {
        while (value.Producer is { Op: Flatten or Reshape } reshape)
        {
            value = reshape.Inputs[0];
        }

        return value;
    }

    /// <summary>
    /// For every value with bytes of its own that depends on an input, the layer that takes it last, or that gives it where none does.
    /// </summary>
    private static Dictionary<Value, int> LastUses(Network network)
    {
        var last = new Dictionary<Value, int>(ReferenceEqualityComparer.Instance);
        foreach (Input input in network.Inputs)
        {
            last[input] = 0;
        }

        foreach ((int at, Node node) in network.Nodes.Index())
        {
            Value[] taken = [.. node.Inputs.Select(Buffer).Where(last.ContainsKey)];
            foreach (Value value in taken)
            {
                last[value] = at;
            }

            foreach (Value output in node.Outputs.Where(o => taken.Length > 0 && ReferenceEquals(Buffer(o), o)))
            {
                last[output] = at;
            }
        }

        foreach (Value output in network.Outputs.Select(Buffer).Where(last.ContainsKey))
        {
            last[output] = int.MaxValue;
        }

        return last;
    }
}

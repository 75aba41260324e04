using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>A network as it is trained.</summary>
/// <param name="Network">The network; masks and the like are inputs of it.</param>
/// <param name="Updates">What its layers gather in every step, besides what the optimiser moves.</param>
internal sealed record TrainingForm(Network Network, IReadOnlyList<Update> Updates);

/// <summary>Layers that act otherwise in training are written as they act in use; this is the other form.</summary>
internal static class NetworkForms
{
    /// <summary>The network as it is trained.</summary>
    public static TrainingForm ForTraining(this Network network)
    {
        var masks = new DropoutMasks();
        var statistics = new BatchStatistics();
        IReadOnlyList<Value> outputs = new Rewriter(Rule(masks, statistics)).Rewrite(network.Outputs);
        return new TrainingForm(new Network(network.Name, [.. network.Inputs, .. masks.Inputs], outputs), statistics.Updates);
    }

    /// <summary>A value as it is in training.</summary>
    public static Value InTraining(Value value) => new Rewriter(Rule(new DropoutMasks(), new BatchStatistics())).Rewrite(value);

    private static Func<Node, IReadOnlyList<Value>, IReadOnlyList<Value>?> Rule(DropoutMasks masks, BatchStatistics statistics) => (node, inputs) => node.Op switch
    {
        Dropout dropout => [masks.Apply(dropout, node, inputs[0])],
        BatchNorm { Average: { } average } norm => [statistics.Apply(norm, average, node, inputs)],
        _ => null,
    };

    /// <summary>
    /// Dropout multiplies by a mask that is an input of the graph: 1 / (1 − rate) where an element is kept, else 0, drawn from the seed by
    /// whoever runs the graph, because not every device can draw random numbers. One operator has one mask, however many nodes it stands
    /// in: its gradient drops what it dropped.
    /// </summary>
    private sealed class DropoutMasks
    {
        private readonly Dictionary<Operator, Input> _masks = new(ReferenceEqualityComparer.Instance);

        public IEnumerable<Input> Inputs => _masks.Values;

        public Value Apply(Dropout dropout, Node node, Value input)
        {
            if (!_masks.TryGetValue(dropout, out Input? mask))
            {
                _masks[dropout] = mask = new Input(Label.Fixed($"{node.Name}/mask"), input.Type, InputKind.DropoutMask, 1 - dropout.Rate);
            }

            return new Node(new Mul(), node.Label, [input, mask]).Output;
        }
    }

    /// <summary>Batch normalisation by the statistics of the batch, of which averages are gathered.</summary>
    private sealed class BatchStatistics
    {
        // A layer that stands at several places gathers from one after the other.
        private readonly Dictionary<Variable, Value> _next = new(ReferenceEqualityComparer.Instance);

        public IReadOnlyList<Update> Updates => [.. _next.Select(n => new Update(n.Key, n.Value))];

        public Value Apply(BatchNorm op, RunningAverage average, Node node, IReadOnlyList<Value> inputs)
        {
            using IDisposable scope = Label.Fixed(node.Name).Enter();
            Value x = inputs[0];
            int[] axes = x.AllButChannels();
            Value mean = x.Mean(axes, name: "batch_mean");
            Value centred = x - mean.AlongChannels(x);
            Value variance = (centred * centred).Mean(axes, name: "batch_variance");
            Value output = new Node(new BatchNormTraining(op.Epsilon), node.Label, [x, inputs[1], inputs[2], mean, variance]).Output;

            Value gathered = variance;
            if (average.IsVarianceUnbiased)
            {
                // One element has no variance to be estimated: 0 · 1 / max(0, 1).
                Value count = x.CountAlong(axes);
                gathered = variance * (count / (count - 1).Maximum(1));
            }

            Variable[] kept = [(Variable)inputs[3], (Variable)inputs[4]];
            (IReadOnlyList<Value> next, IReadOnlyList<Update> beside) = average.Advance(
                Label.Fixed(node.Name), [.. kept.Select(k => _next.GetValueOrDefault(k, k))], [mean, gathered]);
            (_next[kept[0]], _next[kept[1]]) = (next[0], next[1]);
            foreach (Update update in beside)
            {
                _next[update.Variable] = update.Next;
            }

            return output;
        }
    }
}

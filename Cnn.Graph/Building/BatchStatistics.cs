using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>Batch normalisation by the statistics of the batch, of which averages are gathered.</summary>
internal sealed class BatchStatistics
{
    // A layer that stands at several places gathers from one after the other.
    private readonly Dictionary<Variable, Value> _next = new(ReferenceEqualityComparer.Instance);

    /// <summary>The averages after the step.</summary>
    public IReadOnlyList<Update> Updates => [.. _next.Select(n => new Update(n.Key, n.Value))];

    /// <summary>The layer as it is in training.</summary>
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

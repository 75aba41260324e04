using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>
/// Rewrites a graph of one batch size so that the batch is the innermost axis of what flows through it. On a CPU this makes convolutions
/// with few channels one matrix product over rows of N numbers, and dense layers and pooling free of transposes. Parameters, inputs and
/// outputs keep their shapes. An operator without a row here gets its inputs in the usual order, so the result is always right.
/// </summary>
internal sealed class BatchLastLayout
{
    private readonly Dictionary<Value, Laid> _laid = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, Value> _plain = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Value, string), Value> _columns = [];
    private readonly long _batch;

    private BatchLastLayout(long batch, IReadOnlyDictionary<Node, int> phases)
    {
        _batch = batch;
        Phases = phases;
    }

    /// <summary>The convolutions whose output is pooled in tiles, with the tiles' size.</summary>
    public IReadOnlyDictionary<Node, int> Phases { get; }

    /// <summary>The same values, computed with the batch as the last axis.</summary>
    /// <param name="outputs">Values that have no batch axis, such as a loss and new parameters.</param>
    /// <param name="batch">The number of samples.</param>
    public static IReadOnlyList<Value> Apply(IReadOnlyList<Value> outputs, long batch)
    {
        List<Node> order = Traversal.TopologicalOrder(outputs);
        var layout = new BatchLastLayout(batch, BatchLast.Phases.Of(order));
        foreach (Value input in Traversal.Leaves(outputs).Where(v => v is Input { Shape.Rank: > 1 } && v.Shape[0] == batch))
        {
            layout._laid[input] = Laid.Of(input);
        }

        foreach (Node node in order)
        {
            using (Label.Fixed(node.Name).Enter())
            {
                layout.Visit(node);
            }
        }

        return [.. outputs.Select(layout.Plain)];
    }

    /// <summary>Whether a value of the original graph is batched and lies with the batch last.</summary>
    public bool IsLaid(Value value) => _laid.ContainsKey(value);

    /// <summary>A value of the original graph with its batch last.</summary>
    public Laid Last(Value value)
    {
        if (!_laid.TryGetValue(value, out Laid? laid))
        {
            _laid[value] = laid = Laid.Of(Plain(value));
        }

        return laid;
    }

    /// <summary>A value of the original graph in the usual order.</summary>
    public Value Plain(Value value)
    {
        if (!_plain.TryGetValue(value, out Value? plain))
        {
            _plain[value] = plain = _laid.TryGetValue(value, out Laid? laid) && value.Producer is not null ? laid.ToBatchFirst() : value;
        }

        return plain;
    }

    /// <summary>Whether the shape begins with the batch.</summary>
    public bool IsBatched(Value value) => value.Shape.Rank > 1 && value.Shape[0] == _batch;

    /// <summary>A picture's columns, made once for all that need them.</summary>
    public Value Columns(Value picture, Window window, Func<Value> make)
    {
        var key = (picture, $"{window}");
        return _columns.TryGetValue(key, out Value? columns) ? columns : _columns[key] = make();
    }

    private void Visit(Node node)
    {
        if (BatchLastRules.TryApply(this, node, out Laid? laid, out Value? plain))
        {
            if (laid is not null)
            {
                _laid[node.Output] = laid;
            }

            if (plain is not null)
            {
                _plain[node.Output] = plain;
            }

            return;
        }

        IReadOnlyList<Value> kept = Rewriter.Keep(node, [.. node.Inputs.Select(Plain)]);
        for (int i = 0; i < kept.Count; i++)
        {
            _plain[node.Outputs[i]] = kept[i];
        }
    }
}

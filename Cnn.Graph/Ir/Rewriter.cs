namespace Cnn.Graph.Ir;

/// <summary>
/// Copies a graph while replacing parts of it. What no rule touches is shared with the original, so rewriting is cheap and the
/// original stays as it was.
/// </summary>
internal sealed class Rewriter
{
    private readonly Func<Node, IReadOnlyList<Value>, IReadOnlyList<Value>?> _rule;
    private readonly Dictionary<Value, Value> _map = new(ReferenceEqualityComparer.Instance);

    /// <param name="rule">Given a node and its rewritten inputs, the values that replace its outputs, or null to keep the operator.</param>
    public Rewriter(Func<Node, IReadOnlyList<Value>, IReadOnlyList<Value>?> rule) => _rule = rule;

    /// <summary>Replaces an input, variable or constant wherever it is used. Only before the first <see cref="Rewrite(Value)"/>.</summary>
    public void Replace(Value leaf, Value replacement) => _map[leaf] = replacement;

    /// <summary>The rewritten form of a value.</summary>
    public Value Rewrite(Value value) => Rewrite([value])[0];

    /// <summary>The rewritten forms of some values.</summary>
    public IReadOnlyList<Value> Rewrite(IReadOnlyList<Value> values)
    {
        foreach (Node node in Traversal.TopologicalOrder(values))
        {
            if (_map.ContainsKey(node.Output))
            {
                continue;
            }

            Value[] inputs = [.. node.Inputs.Select(Mapped)];
            IReadOnlyList<Value> outputs = _rule(node, inputs) ?? Keep(node, inputs);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                _map[node.Outputs[i]] = outputs[i];
            }
        }

        return [.. values.Select(Mapped)];
    }

    /// <summary>The same operator on rewritten inputs.</summary>
    public static IReadOnlyList<Value> Keep(Node node, IReadOnlyList<Value> inputs) =>
        inputs.SequenceEqual(node.Inputs) ? node.Outputs : new Node(node.Op, node.Label, inputs).Outputs;

    private Value Mapped(Value value) => _map.GetValueOrDefault(value, value);
}

namespace Cnn.Graph.Ir;

/// <summary>
/// Walks over everything that can be reached from some outputs. Iterative, because deep networks overflow a recursive walk.
/// </summary>
internal static class Traversal
{
    /// <summary>The nodes that the outputs depend on, each after those that feed it; deterministic.</summary>
    public static List<Node> TopologicalOrder(IEnumerable<Value> outputs)
    {
        var order = new List<Node>();
        var done = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<(Node Node, int NextInput)>();
        foreach (Value output in outputs)
        {
            if (output.Producer is { } root && done.Add(root))
            {
                stack.Push((root, 0));
            }

            while (stack.TryPop(out var top))
            {
                (Node node, int next) = top;
                if (next == node.Inputs.Count)
                {
                    order.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                if (node.Inputs[next].Producer is { } producer && done.Add(producer))
                {
                    stack.Push((producer, 0));
                }
            }
        }

        return order;
    }

    /// <summary>The inputs, variables and constants that the outputs depend on, in the order in which they are first used.</summary>
    public static List<Value> Leaves(IEnumerable<Value> outputs)
    {
        var roots = outputs.ToList();
        var seen = new HashSet<Value>(ReferenceEqualityComparer.Instance);
        return [.. TopologicalOrder(roots).SelectMany(n => n.Inputs).Concat(roots).Where(v => v.Producer is null && seen.Add(v))];
    }
}

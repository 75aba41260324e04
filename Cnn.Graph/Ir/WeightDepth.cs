namespace Cnn.Graph.Ir;

/// <summary>How deep layers lie, counted as people count a network's layers: those with weights.</summary>
internal static class WeightDepth
{
    /// <summary>
    /// For each layer's output, the layers with weights on the longest path from an input to it. What only prepares weights, as by laying
    /// kernels out by a table, is as deep as the layer that takes them.
    /// </summary>
    public static Dictionary<Value, int> Of(IReadOnlyList<Input> inputs, IReadOnlyList<Node> nodes)
    {
        var depths = new Dictionary<Value, int>(ReferenceEqualityComparer.Instance);
        foreach (Input input in inputs)
        {
            depths[input] = 0;
        }

        var prepared = new HashSet<Value>(ReferenceEqualityComparer.Instance);
        foreach (Node node in nodes)
        {
            bool hasWeights = node.Inputs.Any(i => i is Parameter { Role: ParameterRole.Weight } || prepared.Contains(i));
            if (node.Inputs.Any(depths.ContainsKey))
            {
                depths[node.Output] = node.Inputs.Max(i => depths.GetValueOrDefault(i)) + (hasWeights ? 1 : 0);
            }
            else if (hasWeights)
            {
                prepared.Add(node.Output);
            }
        }

        foreach (Node node in nodes.Where(n => depths.ContainsKey(n.Output)).ToList())
        {
            Prepare(node, depths[node.Output]);
        }

        return depths;

        void Prepare(Node taker, int depth)
        {
            foreach (Node maker in taker.Inputs.Where(i => !depths.ContainsKey(i)).Select(i => i.Producer).OfType<Node>())
            {
                depths[maker.Output] = depth;
                Prepare(maker, depth);
            }
        }
    }
}

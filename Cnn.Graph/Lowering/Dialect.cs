using Cnn.Graph.Ir;

namespace Cnn.Graph.Lowering;

/// <summary>How the nodes that ONNX does not have are said in terms of those that it has: a table from operator to expression.</summary>
internal sealed class Dialect(string name, IReadOnlyDictionary<Type, Dialect.Rule> rules)
{
    /// <summary>Says one node in other words, given its lowered inputs.</summary>
    public delegate Value Rule(Node node, IReadOnlyList<Value> inputs);

    public string Name => name;

    /// <summary>The same values, computed by ONNX operators only.</summary>
    /// <param name="values">The values.</param>
    /// <param name="opset">The ai.onnx operator set.</param>
    /// <param name="limits">What the device lacks; nothing by default.</param>
    /// <exception cref="CnnGraphException">An operator has neither an ONNX form nor a row in this dialect.</exception>
    public IReadOnlyList<Value> Lower(IReadOnlyList<Value> values, int opset, DeviceLimits? limits = null)
    {
        IReadOnlyList<Value> lowered = new Rewriter((node, inputs) => Apply(node, inputs, opset, limits ?? DeviceLimits.None)).Rewrite(values);
        foreach (Node node in Traversal.TopologicalOrder(lowered))
        {
            if (node.Faults.Count > 0)
            {
                throw new InvalidOperationException($"{node}: {string.Join(" ", node.Faults)}");
            }

            if (node.Op.Onnx(opset) is null)
            {
                throw new CnnGraphException($"'{node.Name}' ({node.Op.Name}) cannot be said in the {Name} dialect.");
            }
        }

        return lowered;
    }

    /// <summary>
    /// Some operators have an ONNX form for some settings or operator sets only; where they have one, it stays unless a runtime misreads
    /// it.
    /// </summary>
    private IReadOnlyList<Value>? Apply(Node node, IReadOnlyList<Value> inputs, int opset, DeviceLimits limits)
    {
        bool stays = node.Op.Onnx(opset) is not null && !limits.Lacks(node.Op) && !PoolingForms.IsMisread(node.Op, inputs);
        if (stays || !rules.TryGetValue(node.Op.GetType(), out Rule? rule))
        {
            return null;
        }

        using (Label.Fixed(node.Name).Enter())
        {
            return [rule(node, inputs)];
        }
    }
}

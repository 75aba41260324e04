using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>The same layers on several inputs.</summary>
public static class ReuseLayers
{
    /// <summary>
    /// The layers between two values once more, on another input and with the same parameters: the second tower of a siamese network, a
    /// head that several branches share, a trained network inside another. A parameter's gradient is the sum over all its uses, and
    /// it is counted and stored once. Dropout draws another mask for each use.
    /// </summary>
    /// <param name="input">What the layers take this time; of the shape that they took before where they ask for one.</param>
    /// <param name="from">What they took before. Whatever they use that does not depend on it, they use again as it is.</param>
    /// <param name="to">What they gave.</param>
    /// <param name="name">The block in which the layers lie under their own names; <c>reuse1</c>… by default.</param>
    /// <returns>What they give this time.</returns>
    public static Value Reuse(this Value input, Value from, Value to, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var names = new Relabeling(Label.For("reuse", name));
        var operators = new Dictionary<Operator, Operator>(ReferenceEqualityComparer.Instance);
        var dependent = new HashSet<Value>(ReferenceEqualityComparer.Instance) { from };
        var rewriter = new Rewriter((node, inputs) => node.Inputs.Any(dependent.Contains) ? Again(node, inputs) : null);
        rewriter.Replace(from, input);
        Value result = rewriter.Rewrite(to);
        string fault = $"'{to.Name}' does not depend on '{from.Name}', so there are no layers between them to use again.";
        return dependent.Contains(to) ? result : new Node(new Identity(), names.Root, [input], [fault]).Output;

        IReadOnlyList<Value> Again(Node node, IReadOnlyList<Value> inputs)
        {
            dependent.UnionWith(node.Outputs);
            // Faults that only the layer knew of would be lost with it, where the first use is no part of the network.
            return new Node(Anew(node.Op), names.Of(node.Label), inputs, [.. node.Faults.Except(node.Op.CheckSettings())]).Outputs;
        }

        // One operator has one mask, so another use needs another operator; equal ones stay equal.
        Operator Anew(Operator op) => operators.TryGetValue(op, out Operator? copy) ? copy : operators[op] = op with { };
    }

    /// <summary>Puts labels below another one. The blocks that both uses lie in are not repeated.</summary>
    private sealed class Relabeling(Label root)
    {
        private readonly Dictionary<Label, Label> _moved = new(ReferenceEqualityComparer.Instance);

        public Label Root => root;

        public Label Of(Label label) =>
            _moved.TryGetValue(label, out Label? moved) ? moved : _moved[label] = label.Under(ParentOf(label));

        private Label ParentOf(Label label)
        {
            for (Label? block = root.Parent; block is not null; block = block.Parent)
            {
                if (ReferenceEquals(block, label.Parent))
                {
                    return root;
                }
            }

            return label.Parent is null ? root : Of(label.Parent);
        }
    }
}

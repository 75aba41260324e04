using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>Reverse-mode automatic differentiation over the graph.</summary>
public static class Gradient
{
    /// <summary>
    /// The gradients of a scalar with respect to some values, as new values of the same graph. One walk in reverse serves them all;
    /// where a value is used several times its gradients are summed, and where an operand was broadcast its gradient is summed back.
    /// </summary>
    /// <param name="loss">A scalar, such as a loss.</param>
    /// <param name="values">Parameters, inputs or any inner values.</param>
    /// <returns>One gradient per value, of the value's shape; zeros where the loss does not depend on it.</returns>
    /// <exception cref="CnnGraphException">The loss is no scalar, or an operator on the way has no gradient.</exception>
    public static IReadOnlyList<Value> Of(Value loss, params IReadOnlyList<Value> values)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(values);
        if (loss.Shape.Rank != 0)
        {
            throw new CnnGraphException($"Gradients are taken of a scalar, but '{loss.Name}' is {loss.Type}. Sum or average it first.");
        }

        using IDisposable scope = Label.Fixed("gradient").Enter();
        List<Node> order = Traversal.TopologicalOrder([loss]);
        HashSet<Value> dependent = DependentOn(values, order);
        var gradients = new Dictionary<Value, Value>(ReferenceEqualityComparer.Instance) { [loss] = Constants.Scalar(1, loss.Type.Element) };
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node node = order[i];
            if (gradients.TryGetValue(node.Output, out Value? upstream) && node.Inputs.Any(dependent.Contains))
            {
                Distribute(node, upstream, gradients, dependent);
            }
        }

        return [.. values.Select(v => gradients.GetValueOrDefault(v) ?? Constants.Scalar(0, v.Type.Element).Like(v))];
    }

    private static void Distribute(Node node, Value upstream, Dictionary<Value, Value> gradients, HashSet<Value> dependent)
    {
        using IDisposable scope = Label.For(node.Name, node.Name).Enter();
        IReadOnlyList<Value?> parts = GradientTable.Apply(node, upstream);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Value input = node.Inputs[i];
            if (dependent.Contains(input) && parts[i] is { } part)
            {
                part = SumTo(part, input.Shape);
                gradients[input] = gradients.TryGetValue(input, out Value? sum) ? sum + part : part;
            }
        }
    }

    /// <summary>The values through which any of <paramref name="values"/> reaches the loss; nothing else needs a gradient.</summary>
    private static HashSet<Value> DependentOn(IReadOnlyList<Value> values, List<Node> order)
    {
        var dependent = new HashSet<Value>(values, ReferenceEqualityComparer.Instance);
        foreach (Node node in order)
        {
            if (node.Inputs.Any(dependent.Contains))
            {
                dependent.UnionWith(node.Outputs);
            }
        }

        return dependent;
    }

    /// <summary>Undoes broadcasting: sums over every axis that the operand did not have or had with size 1.</summary>
    private static Value SumTo(Value gradient, Shape shape)
    {
        if (gradient.Shape.Equals(shape))
        {
            return gradient;
        }

        int extra = gradient.Shape.Rank - shape.Rank;
        int[] axes = [.. Enumerable.Range(0, gradient.Shape.Rank).Where(i => i < extra || (shape[i - extra] == 1L && gradient.Shape[i] != 1L))];
        return gradient.Sum(axes).ReshapeTo(shape);
    }
}

namespace Cnn.Graph.Ir;

/// <summary>One operator at work: its settings, what it takes and what it gives. Immutable.</summary>
public sealed class Node
{
    internal Node(Operator op, Label label, IReadOnlyList<Value> inputs, IReadOnlyList<string>? layerFaults = null)
    {
        Op = op;
        Label = label;
        Inputs = inputs;
        var faults = new List<string>([.. layerFaults ?? [], .. op.CheckSettings()]);
        IReadOnlyList<TensorType> types = [TensorType.Unknown];
        if (faults.Count == 0 && inputs.All(i => !i.Type.IsUnknown))
        {
            var context = new Inference([.. inputs.Select(i => i.Type)]);
            types = op.Infer(context);
            faults.AddRange(context.Faults);
        }

        Faults = faults;
        Outputs = [.. types.Select((type, i) => new Value(type, i == 0 ? label : label.Child($"output{i}"), this, i))];
    }

    /// <summary>What it computes.</summary>
    public Operator Op { get; }

    /// <summary>What people call it.</summary>
    public Label Label { get; }

    /// <summary>The path of its label.</summary>
    public string Name => Label.ToString();

    /// <summary>What it takes.</summary>
    public IReadOnlyList<Value> Inputs { get; }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>What does not fit; empty in every network that was built.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>A node that this library made itself, of values that fit.</summary>
    /// <exception cref="InvalidOperationException">They do not: a fault of this library.</exception>
    internal static Value Derive(Operator op, string kind, params IReadOnlyList<Value> inputs)
    {
        var node = new Node(op, Label.For(kind), inputs);
        return node.Faults.Count == 0 && !node.Output.Type.IsUnknown
            ? node.Output
            : throw new InvalidOperationException($"{node.Name} ({op.Name} of {string.Join(", ", inputs.Select(i => i.Type))}): {string.Join(" ", node.Faults)}");
    }

    /// <summary>The only output of most nodes.</summary>
    public Value Output => Outputs[0];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Op.Name}({string.Join(", ", Inputs.Select(i => i.Name))}): {Output.Type}";
}

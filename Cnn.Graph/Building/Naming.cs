using System.Globalization;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Building;

/// <summary>Gives every layer and parameter of a graph its final name and gathers the faults.</summary>
internal sealed class Naming(string name, IReadOnlyList<Value> outputs)
{
    private readonly Dictionary<Label, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _numbers = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public Network Finish()
    {
        List<Node> nodes = Traversal.TopologicalOrder(outputs);
        List<Value> leaves = Traversal.Leaves(outputs);
        foreach (Input input in leaves.OfType<Input>())
        {
            Take(input.Label, "inputs");
            _faults.AddRange(input.Shape.Skip(1).Where(d => d.Size < 1)
                .Select(d => $"{input.Name}: `{d}` in the shape {input.Shape} must be at least 1."));
        }

        foreach (Node node in nodes)
        {
            Take(node.Label, "layers");
            _faults.AddRange(node.Faults.Select(fault => $"{_paths[node.Label]}: {fault}"));
        }

        if (!leaves.OfType<Input>().Any())
        {
            _faults.Add("the graph has no input. Start it with Network.Input(…).");
        }

        ThrowFaults();
        var rewriter = new Rewriter((node, inputs) => new Node(node.Op, Label.Fixed(_paths[node.Label]), inputs).Outputs);
        foreach (Variable variable in leaves.OfType<Variable>())
        {
            rewriter.Replace(variable, variable.Renamed(Label.Fixed(Take(variable.Label, "parameters"))));
        }

        // Only now, because where layers share a name their parameters do too.
        ThrowFaults();
        return new Network(name, [.. leaves.OfType<Input>()], rewriter.Rewrite(outputs));
    }

    private void ThrowFaults()
    {
        if (_faults.Count > 0)
        {
            throw new GraphException(name, _faults);
        }
    }

    private string Take(Label label, string kind)
    {
        string path = Path(label);
        if (!_taken.Add(path))
        {
            _faults.Add($"{path}: two {kind} have this name. Give one of them another `name`, or put them in blocks.");
        }

        return path;
    }

    private string Path(Label label)
    {
        if (_paths.TryGetValue(label, out string? path))
        {
            return path;
        }

        path = label.Parent is null ? label.Text : $"{Path(label.Parent)}/{label.Text}";
        if (label.IsAutomatic)
        {
            int number = _numbers[path] = _numbers.GetValueOrDefault(path) + 1;
            path += number.ToString(CultureInfo.InvariantCulture);
        }

        return _paths[label] = path;
    }
}

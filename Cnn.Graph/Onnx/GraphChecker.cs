using Cnn.Graph.Onnx.Proto;
using static Cnn.Graph.Onnx.OnnxSeverity;

namespace Cnn.Graph.Onnx;

/// <summary>Checks one graph or function body: every value is made once, and before it is used.</summary>
/// <param name="irVersion">The version of the file format.</param>
/// <param name="opsets">The imported operator sets: version by domain.</param>
/// <param name="functions">The functions of the model by domain and name.</param>
/// <param name="findings">Takes what is noticed.</param>
internal sealed class GraphChecker(
    long irVersion, Dictionary<string, long> opsets, HashSet<(string Domain, string Name)> functions, List<OnnxFinding> findings)
{
    /// <summary>The version from which initializers need not be graph inputs.</summary>
    private const long IrVersionOfFreeInitializers = 4;

    private readonly HashSet<string> _missingOpsets = [];

    /// <summary>Checks a graph and the bodies of control flow in it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="place">Its place in words, beginning with a blank; empty for the model's own graph.</param>
    /// <param name="outer">The values of the graphs around it that are made before it runs.</param>
    public void CheckGraph(GraphProto graph, string place, Scope? outer)
    {
        var scope = new Scope(outer);
        foreach (ValueInfoProto input in graph.Input)
        {
            Define(scope, input.Name, $"graph input{place}");
            if (outer is null && input.Type is null)
            {
                Add(Error, $"graph input '{input.Name}'{place} has no type");
            }
        }

        CheckInitializers(graph, place, scope);
        CheckNodes(graph.Node, place, scope);
        foreach (ValueInfoProto output in graph.Output)
        {
            scope.Use(output.Name);
            if (!scope.Knows(output.Name))
            {
                Add(Error, $"graph output '{output.Name}'{place} is not made by any node");
            }

            if (outer is null && output.Type is null)
            {
                Add(Error, $"graph output '{output.Name}'{place} has no type");
            }
        }

        if (graph.Output.Count == 0)
        {
            Add(Error, $"the graph{place} has no outputs");
        }

        foreach (TensorProto unused in graph.Initializer.Where(tensor => !scope.IsUsed(tensor.Name)))
        {
            Add(Warning, $"initializer '{unused.Name}'{place} is not used");
        }
    }

    /// <summary>Checks the body of a function.</summary>
    public void CheckFunction(FunctionProto function)
    {
        string place = $" of function '{function.Name}'";
        var scope = new Scope(null);
        foreach (string input in function.Input)
        {
            Define(scope, input, $"input{place}");
        }

        CheckNodes(function.Node, place, scope);
        foreach (string output in function.Output.Where(output => !scope.Knows(output)))
        {
            Add(Error, $"output '{output}'{place} is not made by any node");
        }
    }

    private void CheckInitializers(GraphProto graph, string place, Scope scope)
    {
        var inputs = graph.Input.Select(input => input.Name).ToHashSet();
        bool isMain = place.Length == 0;
        foreach (string name in graph.Initializer.Select(tensor => tensor.Name)
            .Concat(graph.SparseInitializer.Select(sparse => sparse.Values?.Name ?? string.Empty)))
        {
            if (!inputs.Contains(name))
            {
                Define(scope, name, $"initializer{place}");
                if (isMain && irVersion < IrVersionOfFreeInitializers)
                {
                    Add(Error, $"initializer '{name}' is not a graph input, as IR version {irVersion} demands");
                }
            }
            else if (isMain && irVersion >= IrVersionOfFreeInitializers)
            {
                Add(Note, $"initializer '{name}' is also a graph input: callers may override it, so runtimes do not fold it");
            }
        }
    }

    private void CheckNodes(IList<NodeProto> nodes, string place, Scope scope)
    {
        var madeLater = nodes.SelectMany(node => node.Output).ToHashSet();
        foreach (NodeProto node in nodes)
        {
            string label = ModelWalk.Label(node) + place;
            CheckCall(node, label);
            foreach (string input in node.Input.Where(input => input.Length > 0))
            {
                scope.Use(input);
                if (!scope.Knows(input))
                {
                    Add(Error, madeLater.Contains(input)
                        ? $"node {label} uses '{input}' before it is made: the nodes are not in topological order"
                        : $"node {label} uses '{input}', which nothing makes");
                }
            }

            foreach (AttributeProto attribute in node.Attribute)
            {
                foreach (GraphProto body in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
                {
                    CheckGraph(body, $" of '{attribute.Name}' of node {label}", scope);
                }
            }

            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                Define(scope, output, $"node {label}");
            }
        }
    }

    private void CheckCall(NodeProto node, string label)
    {
        string domain = OnnxTypes.DomainName(node.Domain);
        if (node.OpType.Length == 0)
        {
            Add(Error, $"node {label} names no operator");
        }

        if (!opsets.ContainsKey(domain) && !functions.Contains((domain, node.OpType)) && _missingOpsets.Add(domain))
        {
            Add(Error, $"node {label} calls {node.OpType} of operator set '{domain}', which the model does not import");
        }

        if (node.Output.All(output => output.Length == 0))
        {
            Add(Warning, $"node {label} has no outputs");
        }

        foreach ((string name, int count) in node.Attribute.CountBy(attribute => attribute.Name))
        {
            if (name.Length == 0)
            {
                Add(Error, $"node {label} has an attribute without a name");
            }
            else if (count > 1)
            {
                Add(Error, $"node {label} has {count} attributes '{name}'");
            }
        }
    }

    private void Define(Scope scope, string name, string what)
    {
        if (name.Length == 0)
        {
            Add(Error, $"{what} has no name");
        }
        else if (!scope.Define(name))
        {
            Add(Error, $"{what} makes '{name}', which is made already: every value is made once");
        }
    }

    private void Add(OnnxSeverity severity, string message) => findings.Add(new(severity, message));

    /// <summary>The values that are there at a point of a graph, with those of the graphs around it.</summary>
    internal sealed class Scope(Scope? outer)
    {
        private readonly HashSet<string> _made = [];
        private readonly HashSet<string> _used = [];

        public bool Define(string name) => _made.Add(name) && outer?.Knows(name) != true;

        public bool Knows(string name) => _made.Contains(name) || outer?.Knows(name) == true;

        public bool IsUsed(string name) => _used.Contains(name);

        public void Use(string name)
        {
            _used.Add(name);
            outer?.Use(name);
        }
    }
}

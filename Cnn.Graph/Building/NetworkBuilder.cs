using System.Globalization;
using Cnn.Graph.Building;
using Cnn.Graph.Ir;

namespace Cnn.Graph
{
    /// <summary>Finishes fluent chains.</summary>
    public static class NetworkBuilder
    {
        /// <summary>Makes a network of everything that leads to this value. Layers without a name get their numbers now.</summary>
        /// <param name="output">The network's output.</param>
        /// <param name="name">What people call the network.</param>
        /// <exception cref="GraphException">Something does not fit; the message lists every fault of the whole graph.</exception>
        public static Network Build(this Value output, string name) => Build([output], name);

        /// <summary>Makes a network with several outputs, the main one first.</summary>
        /// <param name="outputs">The outputs.</param>
        /// <param name="name">What people call the network.</param>
        /// <exception cref="GraphException">Something does not fit; the message lists every fault of the whole graph.</exception>
        public static Network Build(IReadOnlyList<Value> outputs, string name)
        {
            ArgumentNullException.ThrowIfNull(outputs);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return new Naming(name, outputs).Finish();
        }

        /// <summary>
        /// Lays the layers that <paramref name="layers"/> adds in a block, so that their names start with its: <c>inception_4a/3x3</c>.
        /// </summary>
        /// <param name="input">What the block takes.</param>
        /// <param name="name">The block's name.</param>
        /// <param name="layers">Adds the layers.</param>
        /// <returns>What the block gives.</returns>
        public static Value Block(this Value input, string name, Func<Value, Value> layers)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            ArgumentNullException.ThrowIfNull(layers);
            using (Label.For(name, name).Enter())
            {
                return layers(input);
            }
        }
    }
}

namespace Cnn.Graph.Building
{
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
                _faults.AddRange(input.Shape.Skip(1).Where(d => d.Size < 1).Select(d => $"{input.Name}: `{d}` in the shape {input.Shape} must be at least 1."));
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

            if (_faults.Count > 0)
            {
                throw new GraphException(name, _faults);
            }

            var rewriter = new Rewriter((node, inputs) => new Node(node.Op, Label.Fixed(_paths[node.Label]), inputs).Outputs);
            foreach (Parameter parameter in leaves.OfType<Parameter>())
            {
                Label label = Label.Fixed(Take(parameter.Label, "parameters"));
                rewriter.Replace(parameter, new Parameter(label, parameter.Type, parameter.Initializer, parameter.Role));
            }

            return new Network(name, [.. leaves.OfType<Input>()], rewriter.Rewrite(outputs));
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
}

using System.Globalization;
using System.Reflection;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;

namespace Cnn.Graph.Onnx;

/// <summary>
/// Writes a lowered graph as an ONNX model. Names are C identifiers made of the labels' paths, so that viewers show the layers by name;
/// equal constants are stored once.
/// </summary>
internal sealed class GraphEncoder
{
    private const int IrVersion = 8;

    private readonly int _opset;
    private readonly GraphProto _graph;
    private readonly Dictionary<Value, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _takenNodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = [];
    private readonly List<(string Name, Value Value)> _outputs = [];
    private readonly HashSet<Value> _given = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal);

    public GraphEncoder(string name, int opset)
    {
        _graph = new GraphProto { Name = name };
        _opset = opset;
    }

    /// <summary>The name under which a value stands in the model.</summary>
    public string NameOf(Value value) => _names[value];

    /// <summary>Decides what a value is called, where others count on it. Only before it is used.</summary>
    public void SetName(Value value, string name)
    {
        Take(name);
        _names.Add(value, name);
    }

    /// <summary>Calls a value so if nothing is called so yet, nor the value otherwise.</summary>
    public void Propose(Value value, string name)
    {
        if (value.Producer is not null && !_names.ContainsKey(value) && !_taken.Contains(name))
        {
            SetName(value, name);
        }
    }

    /// <summary>Declares an input of the model: a fed value, or a variable whose value is fed.</summary>
    public void AddInput(Value value) =>
        _graph.Input.Add(Describe(_names.TryGetValue(value, out string? known) ? known : Name(value, value.Name), value.Type));

    /// <summary>Stores a variable's numbers in the model.</summary>
    public void AddInitializer(Variable variable, TensorData data) =>
        _graph.Initializer.Add(TensorCodec.Encode(Name(variable, variable.Name), data));

    /// <summary>Declares an output of the model. The name is used as it is.</summary>
    public void AddOutput(string name, Value value)
    {
        Take(name);
        _outputs.Add((name, value));
        _given.Add(value);
        if (value.Producer is not null && !_names.ContainsKey(value))
        {
            _names[value] = name;
        }
    }

    /// <summary>The finished model.</summary>
    public OnnxModel Finish(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (Node node in Traversal.TopologicalOrder(_outputs.Select(o => o.Value)))
        {
            AddNode(node);
        }

        foreach ((string name, Value value) in _outputs)
        {
            // An output that is an input, a constant or given out twice has another name already.
            string source = InputName(value, value.Name);
            if (source != name)
            {
                _graph.Node.Add(new NodeProto { OpType = "Identity", Name = NodeName(name), Input = { source }, Output = { name } });
            }

            _graph.Output.Add(Describe(name, value.Type));
        }

        return Wrap(_graph, _opset, _domains, metadata);
    }

    /// <summary>A graph as a model.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="opset">The ai.onnx operator set.</param>
    /// <param name="domains">The other operator sets that it calls, each in its first version.</param>
    /// <param name="metadata">Text entries by key.</param>
    internal static OnnxModel Wrap(GraphProto graph, int opset, IEnumerable<string> domains, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Cnn.Graph",
            ProducerVersion = typeof(GraphEncoder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            ModelVersion = 1,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = string.Empty, Version = opset } },
        };
        model.OpsetImport.AddRange(domains.Select(d => new OperatorSetIdProto { Domain = d, Version = 1 }));
        model.MetadataProps.AddRange(metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return new OnnxModel(model);
    }

    /// <summary>A call of an operator.</summary>
    internal static NodeProto Call(OnnxForm form, string name, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        var node = new NodeProto { OpType = form.OpType, Name = name, Input = { inputs }, Output = { outputs } };
        if (form.Domain.Length > 0)
        {
            node.Domain = form.Domain;
        }

        node.Attribute.AddRange(form.Attributes.Select(Encode));
        return node;
    }

    private void AddNode(Node node)
    {
        OnnxForm form = node.Op.Onnx(_opset)!;
        string name = NodeName(Identifier(node.Name));
        if (form.Domain.Length > 0)
        {
            _domains.Add(form.Domain);
        }

        NodeProto proto = Call(form, name, node.Inputs.Select(i => InputName(i, name)), []);
        proto.Input.AddRange(form.Constants.Select(c => c is null ? string.Empty : ConstantName(c, name)));
        foreach (Value output in node.Outputs)
        {
            proto.Output.Add(_names.TryGetValue(output, out string? known) ? known : Name(output, output.Name));
            if (!_given.Contains(output))
            {
                _graph.ValueInfo.Add(Describe(_names[output], output.Type));
            }
        }

        _graph.Node.Add(proto);
    }

    private string InputName(Value value, string user) => value is Constant constant ? ConstantName(constant.Data, user) : _names[value];

    /// <summary>The initializer that holds a constant, named after the first node that uses it.</summary>
    private string ConstantName(TensorData data, string user)
    {
        string key = $"{data}:{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(data.Bytes))}";
        if (!_constants.TryGetValue(key, out string? name))
        {
            _constants[key] = name = Unique(_taken, Identifier(user) + "_constant");
            _graph.Initializer.Add(TensorCodec.Encode(name, data));
        }

        return name;
    }

    private void Take(string name)
    {
        if (!_taken.Add(name))
        {
            throw new ArgumentException($"The model has two values called '{name}'.");
        }
    }

    private string Name(Value value, string path) => _names[value] = Unique(_taken, Identifier(path));

    private string NodeName(string name) => Unique(_takenNodes, name);

    internal static string Unique(HashSet<string> taken, string name)
    {
        string candidate = name;
        for (int i = 2; !taken.Add(candidate); i++)
        {
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return candidate;
    }

    /// <summary>A path as a C identifier: <c>inception_4a/3x3</c> → <c>inception_4a_3x3</c>.</summary>
    internal static string Identifier(string path)
    {
        string name = string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    internal static ValueInfoProto Describe(string name, TensorType type)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(type.Shape.Select(d => d.IsKnown
            ? new TensorShapeProto.Types.Dimension { DimValue = d.Size }
            : new TensorShapeProto.Types.Dimension { DimParam = d.Symbol }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type.Element, Shape = shape } },
        };
    }

    private static AttributeProto Encode(OnnxAttribute attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case long number:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case float number:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] numbers:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(numbers);
                break;
            case float[] numbers:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(numbers);
                break;
            default:
                throw new ArgumentException($"The attribute '{attribute.Name}' holds a {attribute.Value.GetType().Name}, which ONNX attributes do not.");
        }

        return proto;
    }
}

using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Text;

namespace Cnn.Graph;

/// <summary>
/// A network: what it takes, what it gives and the layers between. It is a definition only, immutable and safe to share between
/// threads; the numbers of its parameters live in a <see cref="Model"/>. Printing it shows its summary.
/// </summary>
/// <example>
/// <code>
/// var lenet = Network.Input("image", 1, 28, 28)
///     .Conv2d(6, kernel: 5, padding: 2).Tanh().AveragePool2d(2)
///     .Conv2d(16, kernel: 5).Tanh().AveragePool2d(2)
///     .Flatten().Dense(120).Tanh().Dense(84).Tanh().Dense(10)
///     .Build("LeNet-5");
/// </code>
/// </example>
public sealed class Network
{
    /// <summary>The symbol of the batch axis.</summary>
    public const string BatchSymbol = "N";

    internal Network(string name, IReadOnlyList<Input> inputs, IReadOnlyList<Value> outputs)
    {
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        Nodes = Traversal.TopologicalOrder(outputs);
        Variables = [.. Traversal.Leaves(outputs).OfType<Variable>()];
        Parameters = [.. Variables.OfType<Parameter>()];
    }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>What it takes.</summary>
    public IReadOnlyList<Input> Inputs { get; }

    /// <summary>What it gives; the first output is the main one.</summary>
    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>The layers, each after those that feed it.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>What training adjusts, in the order of the layers.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All that a model of it stores: parameters, and what layers gather in training, such as running means.</summary>
    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Shape.CountPerSample());

    /// <summary>Starts a network: pictures [N, channels, height, width], or any other tensor with a batch axis in front.</summary>
    /// <param name="name">The input's name in the ONNX file.</param>
    /// <param name="sample">The shape of one sample, without the batch axis.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Value Input(string name, params ReadOnlySpan<int> sample)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Dimension[] dims = new Dimension[sample.Length + 1];
        dims[0] = Dimension.Symbolic(BatchSymbol);
        for (int i = 0; i < sample.Length; i++)
        {
            dims[i + 1] = sample[i];
        }

        return new Input(Label.Fixed(name), TensorType.Float(dims));
    }

    /// <summary>
    /// Starts a network whose ONNX file takes pictures with the channels last, [N, height, width, channels], and goes on with
    /// [N, channels, height, width]. Data sets here give channels first: train a network of that order, then
    /// <see cref="ReuseLayers.Reuse"/> it behind this input and give the new network the trained weights.
    /// </summary>
    /// <param name="name">The input's name in the ONNX file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Numbers a pixel.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Value ChannelsLastInput(string name, int height, int width, int channels) =>
        Input(name, height, width, channels).ToChannelsFirst();

    /// <summary>
    /// A parameter that stands by itself, to be shared by several layers: <c>left.Conv2d(kernel)</c> and <c>right.Conv2d(kernel)</c>. Its
    /// gradient is the sum over all its uses.
    /// </summary>
    /// <param name="name">The parameter's name in the ONNX file.</param>
    /// <param name="dims">Its shape: [channels, C/groups, kh, kw] for kernels, [units, features] for a dense layer's matrix.</param>
    /// <param name="initializer">How it starts; <see cref="Initializer.He"/> by default, zero for biases.</param>
    /// <param name="role">What it does; weight decay and rates may depend on it.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Value Parameter(string name, int[] dims, Initializer? initializer = null, ParameterRole role = ParameterRole.Weight)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(dims);
        TensorType type = TensorType.Float(dims.Select(d => (Dimension)d));
        return new Parameter(Label.For(name, name), type, initializer ?? (role == ParameterRole.Bias ? Initializer.Zero : Initializer.He), role);
    }

    /// <summary>The value that a layer gives.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <exception cref="CnnGraphException">No layer has that name.</exception>
    public Value this[string layer] => Nodes.FirstOrDefault(n => n.Name == layer)?.Output
        ?? throw new CnnGraphException($"'{Name}' has no layer '{layer}'. {Proposal.For(layer, Nodes.Select(n => n.Name))}");

    /// <summary>
    /// The same network for batches of one size, as devices with fixed shapes like it. The parameters stay the same objects.
    /// </summary>
    /// <param name="batch">The number of samples.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is less than 1.</exception>
    public Network WithBatch(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return Rewrite((node, inputs) => node.Op is Operators.Reshape reshape
            ? new Node(new Operators.Reshape(reshape.Target.Bind(BatchSymbol, batch)), node.Label, inputs).Outputs
            : null, batch);
    }

    /// <summary>The network with some layers replaced.</summary>
    internal Network Rewrite(Func<Node, IReadOnlyList<Value>, IReadOnlyList<Value>?> rule, int? batch = null)
    {
        var rewriter = new Rewriter(rule);
        Input[] inputs = [.. Inputs];
        for (int i = 0; i < inputs.Length && batch is not null; i++)
        {
            inputs[i] = inputs[i].WithShape(inputs[i].Shape.Bind(BatchSymbol, batch.Value));
            rewriter.Replace(Inputs[i], inputs[i]);
        }

        return new Network(Name, inputs, rewriter.Rewrite(Outputs));
    }

    // The one arrow from here to Analysis, whose others come back: printing a network is what everybody does first.
    /// <summary>The summary table: layers, shapes, parameters, multiply-accumulates, bytes of activations and receptive field.</summary>
    public override string ToString() => NetworkSummary.Of(this).ToString();
}

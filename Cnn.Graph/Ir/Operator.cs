namespace Cnn.Graph.Ir;

/// <summary>
/// What a node computes: a record that holds the operator's settings (stride, axis…), knows the types of its outputs and finds faults.
/// Operators that ONNX has say so in <see cref="Onnx"/>; the others (a max pool's gradient, say) mean something and are turned into
/// ONNX operators by a lowering.
/// </summary>
public abstract record Operator
{
    /// <summary>The operator's name, as in tables and messages: <c>Conv</c>.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The operator as ONNX has it, or null where a lowering has to replace it.</summary>
    /// <param name="opset">The version of the ai.onnx operator set to write for.</param>
    public virtual OnnxForm? Onnx(int opset) => null;

    /// <summary>
    /// The types of the outputs. Faults are reported to <paramref name="context"/>; a type that cannot be told then is
    /// <see cref="TensorType.Unknown"/>. It is only called when the types of all inputs are known.
    /// </summary>
    internal abstract IReadOnlyList<TensorType> Infer(Inference context);

    /// <summary>Faults of the settings alone, which show even where the inputs are not known.</summary>
    internal virtual IEnumerable<string> CheckSettings() => [];
}

/// <summary>What an operator sees while it infers the types of its outputs.</summary>
internal sealed class Inference(IReadOnlyList<TensorType> inputs)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<TensorType> Inputs => inputs;

    public IReadOnlyList<string> Faults => _faults;

    public Shape Shape(int input) => inputs[input].Shape;

    /// <summary>Reports what does not fit, what was expected and how to mend it.</summary>
    public IReadOnlyList<TensorType> Fault(string message)
    {
        _faults.Add(message);
        return [TensorType.Unknown];
    }
}

/// <summary>How a node is written in ONNX.</summary>
/// <param name="OpType">The operator's name.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Constants">
/// Constant tensors that follow the node's inputs, such as the axes of ReduceSum; null where an optional input is left out.
/// </param>
public sealed record OnnxForm(string OpType, IReadOnlyList<OnnxAttribute> Attributes, IReadOnlyList<TensorData?> Constants)
{
    /// <summary>The operator set that it belongs to; empty for ai.onnx.</summary>
    public string Domain { get; init; } = string.Empty;

    /// <summary>An operator that takes no constants.</summary>
    /// <param name="opType">The operator's name.</param>
    /// <param name="attributes">Its attributes.</param>
    public OnnxForm(string opType, params IReadOnlyList<OnnxAttribute> attributes)
        : this(opType, attributes, [])
    {
    }
}

/// <summary>A named setting of an ONNX node.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Value">A long, float, string, long[] or float[].</param>
public sealed record OnnxAttribute(string Name, object Value)
{
    /// <summary>An integer list, given as ints.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">The numbers.</param>
    public static OnnxAttribute Ints(string name, IEnumerable<int> values) => new(name, values.Select(v => (long)v).ToArray());
}

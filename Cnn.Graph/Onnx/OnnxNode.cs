using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>One operator call of a model file.</summary>
/// <param name="Name">Its label; may be empty.</param>
/// <param name="OpType">The operator, such as <c>Conv</c>.</param>
/// <param name="Domain">The operator set's domain; <c>ai.onnx</c> is spelled out.</param>
/// <param name="Inputs">The names of the values it reads; an empty one leaves an optional input out.</param>
/// <param name="Outputs">The names of the values it makes; an empty one leaves an optional output out.</param>
public sealed record OnnxNode(string Name, string OpType, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>The call in one line.</summary>
    public override string ToString() => $"{string.Join(", ", Outputs)} = {OpType}({string.Join(", ", Inputs)})";

    internal static OnnxNode Of(NodeProto node) =>
        new(node.Name, node.OpType, OnnxTypes.DomainName(node.Domain), [.. node.Input], [.. node.Output]);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>A constant tensor of a model file, usually a weight. <see cref="OnnxModel.GetInitializer"/> gives its numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type; <see cref="ElementType.Unknown"/> for those this library does not compute with.</param>
/// <param name="TypeName">The element type in ONNX's words, such as <c>float</c> or <c>bfloat16</c>.</param>
/// <param name="Dims">The dimensions, outermost first; empty for a scalar.</param>
public sealed record OnnxInitializer(string Name, ElementType Type, string TypeName, IReadOnlyList<long> Dims)
{
    /// <summary>Name, type and dimensions in one line.</summary>
    public override string ToString() => $"{Name}: {TypeName}[{string.Join(", ", Dims)}]";

    internal static OnnxInitializer Of(TensorProto tensor) =>
        new(tensor.Name, OnnxTypes.ElementTypeOf(tensor.DataType), OnnxTypes.NameOf(tensor.DataType), [.. tensor.Dims]);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>One dimension of a value in a model file: a number, a symbol such as <c>N</c>, or neither when nothing is known.</summary>
/// <param name="Size">The number of elements along the dimension, if it is fixed.</param>
/// <param name="Symbol">The name of the dimension, if it has one instead.</param>
public readonly record struct OnnxDimension(long? Size, string? Symbol)
{
    /// <summary>The number, the symbol or <c>?</c>.</summary>
    public override string ToString() => Size is { } size ? FormattableString.Invariant($"{size}") : Symbol ?? "?";
}

/// <summary>An input or output of a model file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">
/// The element type; <see cref="ElementType.Unknown"/> for what is not a tensor or has elements this library does not compute with.
/// </param>
/// <param name="TypeName">The type in ONNX's words: <c>float</c>, <c>int8</c>, <c>seq(float)</c>.</param>
/// <param name="Dims">The dimensions, outermost first; null when even their number is unknown.</param>
public sealed record OnnxValue(string Name, ElementType Type, string TypeName, IReadOnlyList<OnnxDimension>? Dims)
{
    /// <summary>Name, type and dimensions in one line.</summary>
    public override string ToString() => Dims is null ? $"{Name}: {TypeName}" : $"{Name}: {TypeName}[{string.Join(", ", Dims)}]";

    internal static OnnxValue Of(ValueInfoProto info)
    {
        TypeProto.Types.Tensor? tensor = info.Type?.TensorType;
        TensorShapeProto? shape = tensor?.Shape ?? info.Type?.SparseTensorType?.Shape;
        return new OnnxValue(
            info.Name,
            tensor is null ? ElementType.Unknown : OnnxTypes.ElementTypeOf(tensor.ElemType),
            OnnxTypes.NameOf(info.Type),
            shape is null ? null : [.. shape.Dim.Select(DimensionOf)]);
    }

    private static OnnxDimension DimensionOf(TensorShapeProto.Types.Dimension dim) => dim.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => new(dim.DimValue, null),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dim.DimParam.Length > 0 => new(null, dim.DimParam),
        _ => default,
    };
}

using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>Facts about the types and domains that a model file names.</summary>
internal static class OnnxTypes
{
    /// <summary>The domain of ONNX's own operators, which files usually leave empty.</summary>
    public const string DefaultDomain = "ai.onnx";

    // Indexed by TensorProto.DataType; those from 17 on are younger than the schema but keep turning up in files. Strings have no fixed
    // size.
    private static readonly (string Name, int Bits)[] DataTypes =
    [
        ("undefined", 0), ("float", 32), ("uint8", 8), ("int8", 8), ("uint16", 16), ("int16", 16), ("int32", 32), ("int64", 64),
        ("string", 0), ("bool", 8), ("float16", 16), ("double", 64), ("uint32", 32), ("uint64", 64), ("complex64", 64),
        ("complex128", 128), ("bfloat16", 16), ("float8e4m3fn", 8), ("float8e4m3fnuz", 8), ("float8e5m2", 8), ("float8e5m2fnuz", 8),
        ("uint4", 4), ("int4", 4), ("float4e2m1", 4), ("float8e8m0", 8), ("uint2", 2), ("int2", 2),
    ];

    /// <summary>The domain with ONNX's own one spelled out.</summary>
    public static string DomainName(string domain) => domain.Length == 0 ? DefaultDomain : domain;

    /// <summary>The library's element type, or unknown where it has none.</summary>
    public static ElementType ElementTypeOf(int dataType) =>
        Enum.IsDefined((ElementType)dataType) ? (ElementType)dataType : ElementType.Unknown;

    /// <summary>The name of a tensor's data type.</summary>
    public static string NameOf(int dataType) =>
        dataType >= 0 && dataType < DataTypes.Length ? DataTypes[dataType].Name : $"data type {dataType}";

    /// <summary>Bits that one element takes in raw data; 0 where that is not fixed or not known.</summary>
    public static int BitsOf(int dataType) => dataType >= 0 && dataType < DataTypes.Length ? DataTypes[dataType].Bits : 0;

    /// <summary>The name of a value's type.</summary>
    public static string NameOf(TypeProto? type) => type?.ValueCase switch
    {
        TypeProto.ValueOneofCase.TensorType => NameOf(type.TensorType.ElemType),
        TypeProto.ValueOneofCase.SparseTensorType => $"sparse({NameOf(type.SparseTensorType.ElemType)})",
        TypeProto.ValueOneofCase.SequenceType => $"seq({NameOf(type.SequenceType.ElemType)})",
        TypeProto.ValueOneofCase.OptionalType => $"optional({NameOf(type.OptionalType.ElemType)})",
        TypeProto.ValueOneofCase.MapType => $"map({NameOf(type.MapType.KeyType)}, {NameOf(type.MapType.ValueType)})",
        TypeProto.ValueOneofCase.OpaqueType => $"opaque({type.OpaqueType.Name})",
        _ => "undefined",
    };
}

using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;
using static Cnn.Graph.Onnx.Proto.TensorProto.Types;

namespace Cnn.Graph.Onnx;

/// <summary>Checks that a tensor of a model file holds as many elements as its dimensions say.</summary>
internal static class TensorLayout
{
    /// <summary>What is wrong with a tensor.</summary>
    /// <param name="tensor">Any tensor of a file.</param>
    /// <param name="folder">The model's folder, for external data; null when the model did not come from a file.</param>
    /// <returns>The fault, or null if there is none.</returns>
    public static string? FaultOf(TensorProto tensor, string? folder)
    {
        string dims = $"[{string.Join(", ", tensor.Dims)}]";
        if (tensor.Dims.Any(dim => dim < 0))
        {
            return $"its dimensions {dims} are not all positive";
        }

        if (tensor.Segment is not null)
        {
            return "it is one segment of a larger tensor, which no reader supports";
        }

        if (tensor.DataType == (int)DataType.Undefined)
        {
            return "it has no data type";
        }

        try
        {
            long count = TensorData.CountOf(tensor.Dims);
            string kind = $"{OnnxTypes.NameOf(tensor.DataType)}{dims}";
            return ExternalData.IsUsedBy(tensor) ? ExternalFault(tensor, count, folder) : EmbeddedFault(tensor, count, kind);
        }
        catch (OverflowException)
        {
            return $"its dimensions {dims} overflow: no tensor has that many elements";
        }
    }

    /// <summary>The bytes that elements take in raw data; 0 for types whose size is not known.</summary>
    /// <exception cref="OverflowException">They do not fit 64 bits.</exception>
    public static long RawSize(int dataType, long count)
    {
        int bits = OnnxTypes.BitsOf(dataType);
        return bits >= 8 ? checked(count * (bits / 8)) : checked((count * bits) + 7) / 8;
    }

    private static string? ExternalFault(TensorProto tensor, long count, string? folder)
    {
        if (OnnxTypes.BitsOf(tensor.DataType) == 0)
        {
            return $"{OnnxTypes.NameOf(tensor.DataType)} elements cannot be external data";
        }

        if (!tensor.RawData.IsEmpty)
        {
            return "it has both raw data and external data";
        }

        return ExternalData.Of(tensor, out string? fault) is { } reference
            ? reference.FaultIn(folder, RawSize(tensor.DataType, count))
            : fault;
    }

    private static string? EmbeddedFault(TensorProto tensor, long count, string kind)
    {
        if (TypedField(tensor, count) is not { } typed)
        {
            // A type from the future: what it takes is not known, so nothing can be said.
            return null;
        }

        if (!tensor.RawData.IsEmpty)
        {
            return typed.Stored > 0 ? $"it has both raw data and {typed.Name}"
                : tensor.DataType == (int)DataType.String ? "string elements cannot be raw data"
                : RawSize(tensor.DataType, count) is var size && tensor.RawData.Length != size
                    ? $"its raw data has {tensor.RawData.Length} bytes, but {kind} takes {size}"
                : null;
        }

        return typed.Stored == typed.Expected
            ? null
            : $"it holds {typed.Stored} elements in {typed.Name}, but {kind} takes {typed.Expected}";
    }

    private static (string Name, long Stored, long Expected)? TypedField(TensorProto tensor, long count)
    {
        switch ((DataType)tensor.DataType)
        {
            case DataType.Float:
                return ("float_data", tensor.FloatData.Count, count);
            case DataType.Complex64:
                return ("float_data", tensor.FloatData.Count, checked(2 * count));
            case DataType.Double:
                return ("double_data", tensor.DoubleData.Count, count);
            case DataType.Complex128:
                return ("double_data", tensor.DoubleData.Count, checked(2 * count));
            case DataType.Int64:
                return ("int64_data", tensor.Int64Data.Count, count);
            case DataType.Uint32 or DataType.Uint64:
                return ("uint64_data", tensor.Uint64Data.Count, count);
            case DataType.String:
                return ("string_data", tensor.StringData.Count, count);
            default:
                // Elements narrower than a byte are packed as in raw data, one byte per stored number.
                int bits = OnnxTypes.BitsOf(tensor.DataType);
                return bits == 0 ? null : ("int32_data", tensor.Int32Data.Count, bits < 8 ? RawSize(tensor.DataType, count) : count);
        }
    }
}

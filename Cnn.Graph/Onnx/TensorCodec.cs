using System.Runtime.InteropServices;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Cnn.Graph.Onnx;

/// <summary>Translates between tensors in memory and tensors of a model file.</summary>
internal static class TensorCodec
{
    /// <summary>Writes a tensor down as raw data. The bytes are shared, not copied.</summary>
    /// <param name="name">Its name; empty for the value of an attribute.</param>
    /// <param name="data">The numbers.</param>
    public static TensorProto Encode(string name, TensorData data)
    {
        var tensor = new TensorProto { DataType = (int)data.Type, RawData = UnsafeByteOperations.UnsafeWrap(data.Memory) };
        if (name.Length > 0)
        {
            tensor.Name = name;
        }

        tensor.Dims.AddRange(data.Dims);
        return tensor;
    }

    /// <summary>Reads a tensor, wherever its elements are. Raw data is shared, not copied.</summary>
    /// <param name="tensor">The tensor of a file.</param>
    /// <param name="folder">The model's folder, for external data; null when the model did not come from a file.</param>
    /// <param name="place">The file and the tensor, for messages.</param>
    /// <exception cref="OnnxFormatException">
    /// The tensor is unsound, or its elements are of a type this library does not compute with.
    /// </exception>
    public static TensorData Decode(TensorProto tensor, string? folder, string place)
    {
        ElementType type = OnnxTypes.ElementTypeOf(tensor.DataType);
        if (type == ElementType.Unknown)
        {
            throw new OnnxFormatException(
                $"{place} cannot be used: its elements are {OnnxTypes.NameOf(tensor.DataType)}. "
                + "Tensors of float, double, float16, int32, int64, uint8 and bool can.");
        }

        if (TensorLayout.FaultOf(tensor, folder) is { } fault)
        {
            throw new OnnxFormatException($"{place} cannot be used: {fault}.");
        }

        long size = TensorData.CountOf(tensor.Dims) * type.SizeInBytes();
        if (size > Array.MaxLength)
        {
            throw new OnnxFormatException(
                $"{place} cannot be used: it takes {size} bytes, and one tensor in memory may take {Array.MaxLength}.");
        }

        return new TensorData(type, [.. tensor.Dims], ElementsOf(tensor, type, (int)size, folder, place));
    }

    private static ReadOnlyMemory<byte> ElementsOf(TensorProto tensor, ElementType type, int size, string? folder, string place)
    {
        if (!tensor.RawData.IsEmpty)
        {
            return tensor.RawData.Memory;
        }

        try
        {
            if (ExternalData.IsUsedBy(tensor))
            {
                return ExternalData.Of(tensor, out _)!.Read(folder!, size);
            }

            byte[] bytes = new byte[size];
            CopyTyped(tensor, type, bytes);
            return bytes;
        }
        catch (OverflowException e)
        {
            throw new OnnxFormatException(
                $"{place} cannot be used: a number in its int32_data is no {OnnxTypes.NameOf(tensor.DataType)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OnnxFormatException($"{place} cannot be used: its external data cannot be read: {e.Message}", e);
        }
    }

    private static void CopyTyped(TensorProto tensor, ElementType type, byte[] bytes)
    {
        switch (type)
        {
            case ElementType.Float:
                Copy(tensor.FloatData, bytes, value => value);
                break;
            case ElementType.Double:
                Copy(tensor.DoubleData, bytes, value => value);
                break;
            case ElementType.Int64:
                Copy(tensor.Int64Data, bytes, value => value);
                break;
            case ElementType.Int32:
                Copy(tensor.Int32Data, bytes, value => value);
                break;
            case ElementType.UInt8:
                Copy(tensor.Int32Data, bytes, value => checked((byte)value));
                break;
            case ElementType.Bool:
                Copy(tensor.Int32Data, bytes, value => value != 0);
                break;
            case ElementType.Float16:
                Copy(tensor.Int32Data, bytes, value => checked((ushort)value));
                break;
        }
    }

    private static void Copy<TFrom, TTo>(RepeatedField<TFrom> from, byte[] to, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        Span<TTo> elements = MemoryMarshal.Cast<byte, TTo>(to.AsSpan());
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = convert(from[i]);
        }
    }
}

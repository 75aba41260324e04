using Cnn.Graph.Files;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>The file beside a model that takes the initializers which would make the model itself too large.</summary>
internal sealed class SideFile
{
    private readonly string _path;
    private readonly List<(long Offset, ReadOnlyMemory<byte> Bytes)> _contents = [];
    private long _end;

    /// <summary>
    /// Chooses the name: the model's with <c>.data</c>, or with a number too where the model refers to that file already.
    /// </summary>
    /// <param name="modelPath">The model file to be written.</param>
    /// <param name="taken">The files that the model refers to already.</param>
    public SideFile(string modelPath, string[] taken)
    {
        string name = Path.GetFileName(modelPath);
        _path = $"{modelPath}.data";
        for (int number = 2; taken.Contains(Path.GetFileName(_path), StringComparer.OrdinalIgnoreCase); number++)
        {
            _path = Path.Combine(Path.GetDirectoryName(modelPath) ?? string.Empty, $"{name}.{number}.data");
        }
    }

    /// <summary>Moves the elements of tensors to this file, leaving a reference in each.</summary>
    /// <param name="tensors">Candidates; changed.</param>
    /// <param name="atLeast">Tensors with fewer bytes are left alone.</param>
    public void TakeFrom(IEnumerable<PlacedTensor> tensors, long atLeast)
    {
        foreach ((TensorProto tensor, string place, _) in tensors)
        {
            if (ExternalData.IsUsedBy(tensor) || BytesOf(tensor, place) is not { } bytes || bytes.Length < atLeast)
            {
                continue;
            }

            long offset = ExternalData.Align(_end, bytes.Length);
            _contents.Add((offset, bytes));
            _end = offset + bytes.Length;
            tensor.FloatData.Clear();
            tensor.DoubleData.Clear();
            tensor.Int32Data.Clear();
            tensor.Int64Data.Clear();
            new ExternalData(Path.GetFileName(_path), offset, bytes.Length).Assign(tensor);
        }
    }

    /// <summary>Writes the file, if any tensor was moved to it.</summary>
    /// <exception cref="CnnGraphException">The file cannot be written.</exception>
    public void Write()
    {
        if (_contents.Count == 0)
        {
            return;
        }

        AtomicFile.Write(_path, stream =>
        {
            foreach ((long offset, ReadOnlyMemory<byte> bytes) in _contents)
            {
                stream.Write(new byte[offset - stream.Position]);
                stream.Write(bytes.Span);
            }
        });
    }

    // Raw data is taken as it is, whatever its type; typed fields only where they can be decoded.
    private static ReadOnlyMemory<byte>? BytesOf(TensorProto tensor, string place) =>
        !tensor.RawData.IsEmpty ? tensor.RawData.Memory
        : OnnxTypes.ElementTypeOf(tensor.DataType) != ElementType.Unknown ? TensorCodec.Decode(tensor, null, place).Memory
        : null;
}

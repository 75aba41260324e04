using Cnn.Graph.Files;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;

namespace Cnn.Graph.Onnx;

/// <summary>Writes model files, with weights beside them where protobuf's 2 GiB would not hold them.</summary>
internal static class ModelWriter
{
    /// <summary>Initializers smaller than this stay in the model: shapes and scalars are read by whoever inspects it.</summary>
    private const long SmallTensor = 1024;

    /// <summary>The model in one message; external data stays where it is.</summary>
    /// <exception cref="CnnGraphException">The model does not fit one message.</exception>
    public static byte[] ToBytes(ModelProto model)
    {
        EnsureFits(model, "The model cannot be turned into bytes: it");
        return model.ToByteArray();
    }

    /// <summary>Writes a model, and beside it the external data that it refers to.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="source">The folder in which its external data lies; null if it has none.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="embedLimit">More bytes of tensors than this make initializers external.</param>
    /// <exception cref="CnnGraphException">A file cannot be written, or the model does not fit one message.</exception>
    public static void Write(ModelProto model, string? source, string path, long embedLimit)
    {
        if (Directory.Exists(path))
        {
            throw new CnnGraphException($"'{path}' cannot be written: it is a folder. Name a file in it.");
        }

        string[] referenced = [.. ModelWalk.Tensors(model)
            .Select(placed => placed.Tensor)
            .Where(ExternalData.IsUsedBy)
            .Select(tensor => ExternalData.Of(tensor, out _)?.Location)
            .OfType<string>()
            .Distinct()];
        if (referenced.Any(location => Path.GetFullPath(Path.Combine(ModelReader.FolderOf(path), location)) == Path.GetFullPath(path)))
        {
            throw new CnnGraphException($"'{path}' cannot be written: the model keeps its external data in a file of that name.");
        }

        var sideFile = new SideFile(path, referenced);
        if (Payload(model) > embedLimit)
        {
            model = model.Clone();
            sideFile.TakeFrom(ModelWalk.Tensors(model).Where(placed => placed.IsInitializer), SmallTensor);
        }

        EnsureFits(model, $"'{path}' cannot be written: the model");

        bool hadData = StaleData.IsThere(path);

        // The model's temporary file comes first, so that a full disk shows before anything is replaced; the files that it refers to
        // get their names before it gets its own.
        AtomicFile.Write(path, stream =>
        {
            model.WriteTo(stream);
            ExternalCopies.Write(referenced, source, path);
            sideFile.Write();
        });
        if (hadData)
        {
            StaleData.Delete(path);
        }
    }

    private static void EnsureFits(ModelProto model, string what)
    {
        if (Payload(model) > int.MaxValue || model.CalculateSize() < 0)
        {
            throw new CnnGraphException(
                $"{what} takes more than the 2 GiB that a protobuf message may have without a file for its weights.");
        }
    }

    // An upper bound in 64 bits; the size that protobuf itself computes wraps around.
    private static long Payload(ModelProto model) => ModelWalk.Tensors(model).Sum(placed => placed.Tensor switch
    {
        var t => t.RawData.Length + (4L * t.FloatData.Count) + (8L * t.DoubleData.Count) + (10L * t.Int32Data.Count)
            + (10L * t.Int64Data.Count) + (10L * t.Uint64Data.Count) + t.StringData.Sum(text => (long)text.Length),
    });
}

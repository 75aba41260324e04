using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;

namespace Cnn.Graph.Onnx;

/// <summary>Reads model files, trusting nothing in them.</summary>
internal static class ModelReader
{
    private const int MaxFaultsTold = 20;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="OnnxFormatException">The file is not there, cannot be read or is not a sound model.</exception>
    public static ModelProto Read(string path)
    {
        string folder = FolderOf(path);
        return Parse(BytesOf(path), $"'{path}'", folder);
    }

    /// <summary>Reads and checks the bytes of a model.</summary>
    /// <param name="bytes">A serialized model.</param>
    /// <param name="what">What the bytes are, for messages.</param>
    /// <param name="folder">Where external data lies; null when the model did not come from a file.</param>
    /// <exception cref="OnnxFormatException">The bytes are not a sound model.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> bytes, string what, string? folder)
    {
        if (bytes.IsEmpty)
        {
            throw new OnnxFormatException($"{what} is not an ONNX model: it is empty.");
        }

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxFormatException($"{what} is not an ONNX model, or is damaged: {Reason(e)}.", e);
        }

        List<string> faults = FaultsOf(model, folder);
        if (faults.Count > 0)
        {
            IEnumerable<string> told = faults.Count > MaxFaultsTold
                ? faults.Take(MaxFaultsTold).Append($"and {faults.Count - MaxFaultsTold} more")
                : faults;
            throw new OnnxFormatException($"{what} is not a sound ONNX model: {string.Join("; ", told)}.");
        }

        return model;
    }

    /// <summary>The folder of a file.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;

    private static byte[] BytesOf(string path)
    {
        if (Directory.Exists(path))
        {
            throw new OnnxFormatException($"'{path}' is a folder, not an ONNX model. Name a file in it.");
        }

        try
        {
            long length = new FileInfo(path).Length;
            if (length > Array.MaxLength)
            {
                throw new OnnxFormatException(
                    $"'{path}' has {length} bytes, but a protobuf message stops at 2 GiB: save it with its weights as external data.");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OnnxFormatException($"'{path}' cannot be read: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OnnxFormatException($"'{path}' cannot be read: permission is denied.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new OnnxFormatException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    // The parser's own words speak to its caller ("the input ended unexpectedly in the middle of a field"); the kinds are told by them
    // alone.
    private static string Reason(InvalidProtocolBufferException e) =>
        e.Message.Contains("ended unexpectedly", StringComparison.Ordinal) ? "it ends in the middle of a field, as a truncated file does"
        : e.Message.Contains("nesting", StringComparison.Ordinal) ? "its messages are nested more than 100 levels deep"
        : "its bytes are not those of a model";

    private static List<string> FaultsOf(ModelProto model, string? folder)
    {
        if (model.Graph is null)
        {
            return ["it has no graph"];
        }

        List<string> faults = [];
        if (model.IrVersion < 1)
        {
            faults.Add("it has no IR version");
        }

        if (model.IrVersion >= 3 && model.OpsetImport.Count == 0)
        {
            faults.Add("it imports no operator set");
        }

        foreach ((GraphProto graph, string place) in ModelWalk.Graphs(model))
        {
            faults.AddRange(graph.Initializer.Select(tensor => tensor.Name)
                .Concat(graph.SparseInitializer.Select(sparse => sparse.Values?.Name ?? string.Empty))
                .CountBy(name => name)
                .Where(entry => entry.Value > 1)
                .Select(entry => $"{entry.Value} initializers{place} share the name '{entry.Key}'"));
        }

        faults.AddRange(
            from placed in ModelWalk.Tensors(model)
            let fault = TensorLayout.FaultOf(placed.Tensor, folder)
            where fault is not null
            select $"{placed.Place}: {fault}");
        return faults;
    }
}

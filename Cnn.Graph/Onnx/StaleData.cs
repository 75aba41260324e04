using Cnn.Graph.Files;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;

namespace Cnn.Graph.Onnx;

/// <summary>
/// The file beside a model that held its weights until it was written anew without it. It goes only if it is this model's for sure: it has
/// the name that belongs to the model, the model that was here before refers to it, and no other model in the folder does.
/// </summary>
internal static class StaleData
{
    /// <summary>Whether the model at a path keeps its weights in such a file; to be asked before another is written there.</summary>
    public static bool IsThere(string path) => File.Exists(DataOf(path)) && RefersTo(path, DataOf(path));

    /// <summary>Deletes the file once the new model is in place, unless a model refers to it. What cannot be deleted stays.</summary>
    public static void Delete(string path)
    {
        string data = DataOf(path);
        if (!Directory.GetFiles(ModelReader.FolderOf(path), "*.onnx").Prepend(path).Any(model => RefersTo(model, data)))
        {
            AtomicFile.TryDelete(data);
        }
    }

    private static string DataOf(string path) => $"{path}.data";

    /// <summary>A file that is no model refers to nothing.</summary>
    private static bool RefersTo(string path, string data)
    {
        string location = Path.GetFileName(data);
        try
        {
            using FileStream file = File.OpenRead(path);
            return ModelWalk.Tensors(ModelProto.Parser.ParseFrom(file))
                .Any(placed => ExternalData.IsUsedBy(placed.Tensor) && ExternalData.Of(placed.Tensor, out _)?.Location == location);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

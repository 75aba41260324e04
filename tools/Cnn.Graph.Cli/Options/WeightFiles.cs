using System.Text.Json;
using Cnn.Graph.Architectures;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Cli.Options;

/// <summary>Files with weights, as several verbs take them.</summary>
internal static class WeightFiles
{
    /// <summary>
    /// The weights of a file for a network, by the names of this library, of torchvision or of a map, else by order and shape.
    /// </summary>
    /// <exception cref="CnnGraphException">The file cannot be read.</exception>
    public static WeightImport Import(
        Architecture architecture, Network network, string path, IReadOnlyDictionary<string, string>? map = null) =>
        WeightImport.Of(
            network, path, map is not null ? new WeightNames(map, IsGuess: false)
            : architecture.TorchModules is not null ? new WeightNames(architecture.StateDictKeys(network), IsGuess: true)
            : null);

    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false };

    public static bool IsSafeTensors(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Says which tensors hold NaN or infinities. In files of other makers a constant may be meant so, hence no more than a word.
    /// </summary>
    public static void WarnOfNotFinite(CommandContext context, string path, IEnumerable<(string Name, TensorData Data)> tensors)
    {
        string[] notFinite = [.. FiniteCheck.NotFinite(tensors)];
        if (notFinite.Length > 0)
        {
            context.Say($"'{path}' holds numbers that are NaN or infinite: {string.Join(", ", notFinite)}");
        }
    }

    /// <summary>A JSON object from the names here to those of the file.</summary>
    /// <exception cref="CnnGraphException">The file cannot be read or is no such object.</exception>
    public static IReadOnlyDictionary<string, string> ReadMap(string path)
    {
        try
        {
            Dictionary<string, string?> names = JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllBytes(path), Strict) ?? [];
            return names.ToDictionary(n => n.Key, n => n.Value ?? throw new JsonException($"'{n.Key}' has no name"));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CnnGraphException($"'{path}' is not a map of names, a JSON object such as {{\"conv1/weight\": \"features.0.weight\"}}: {e.Message}", e);
        }
    }
}

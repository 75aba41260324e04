using System.Text.Json;
using Cnn.Graph.Data;

namespace Cnn.Graph;

/// <summary>What an ONNX file says about itself in its metadata, so that whoever uses the model feeds it rightly.</summary>
public sealed record ModelCard
{
    /// <summary>How pixels become inputs, or null where the model does not take pictures.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>The name of each class; empty where the model does not classify.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>Further facts, such as the data set and the seed, by a short key.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    internal Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>();
        if (Normalization is not null)
        {
            // The keys of the ONNX metadata standard for pictures, then ours for what it has no key for.
            metadata["Image.BitmapPixelFormat"] = Normalization.Channels == 1 ? "Gray8" : "Rgb8";
            metadata["Image.NominalPixelRange"] = "Normalized_0_1";
            metadata[MeanKey] = Normalization.MeanText;
            metadata[StdKey] = Normalization.StdText;
        }

        if (LabelNames.Count > 0)
        {
            metadata[LabelsKey] = JsonSerializer.Serialize(LabelNames);
        }

        foreach ((string key, string value) in Facts)
        {
            metadata[Model.MetadataPrefix + key] = value;
        }

        return metadata;
    }

    /// <summary>What a file says about itself. Keys of other writers are passed over.</summary>
    internal static ModelCard Read(IReadOnlyDictionary<string, string> metadata) => new()
    {
        Normalization = metadata.TryGetValue(MeanKey, out string? mean) && metadata.TryGetValue(StdKey, out string? std)
            ? Normalization.Parse(mean, std)
            : null,
        LabelNames = metadata.TryGetValue(LabelsKey, out string? labels) ? ReadLabels(labels) : [],
        Facts = metadata.Where(m => m.Key.StartsWith(Model.MetadataPrefix, StringComparison.Ordinal) && !OwnKeys.Contains(m.Key))
            .ToDictionary(m => m.Key[Model.MetadataPrefix.Length..], m => m.Value),
    };

    private static string[] ReadLabels(string labels)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(labels) ?? [];
        }
        catch (JsonException e)
        {
            throw new CnnGraphException($"The model's metadata '{LabelsKey}' is no JSON list of names: {e.Message}", e);
        }
    }

    private const string MeanKey = Model.MetadataPrefix + "mean";
    private const string StdKey = Model.MetadataPrefix + "std";
    private const string LabelsKey = Model.MetadataPrefix + "labels";
    private static readonly string[] OwnKeys = [MeanKey, StdKey, LabelsKey, Model.ParametersKey];
}

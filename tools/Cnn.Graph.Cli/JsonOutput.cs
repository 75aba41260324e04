using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cnn.Graph.Cli;

/// <summary>Writes results for programs.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // Nothing here is put into a web page; paths and titles stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // JSON has no word for them; an infinite loss is a result all the same.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes one document.</summary>
    public static void WriteJson<T>(this CommandContext context, T document) =>
        context.Output.WriteLine(JsonSerializer.Serialize(document, Options));
}

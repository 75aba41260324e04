using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Interop;

/// <summary>One tensor as a header tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Begin">The first byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafeTensorsEntry(string Name, ElementType Type, long[] Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file.</summary>
/// <param name="Entries">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The text entries.</param>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The key that holds the text entries instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    private const int Alignment = 8;

    private static readonly Dictionary<string, ElementType> Types = new()
    {
        ["F64"] = ElementType.Double,
        ["F32"] = ElementType.Float,
        ["F16"] = ElementType.Float16,
        ["I64"] = ElementType.Int64,
        ["I32"] = ElementType.Int32,
        ["U8"] = ElementType.UInt8,
        ["BOOL"] = ElementType.Bool,
    };

    private static readonly Dictionary<ElementType, string> TypeNames = Types.ToDictionary(entry => entry.Value, entry => entry.Key);

    /// <summary>Writes the header, padded with blanks so that the tensors begin aligned.</summary>
    /// <param name="tensors">The tensors in the order of their bytes.</param>
    /// <param name="metadata">The text entries.</param>
    public static byte[] Format(IEnumerable<KeyValuePair<string, TensorData>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, TensorData tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", TypeNames[tensor.Type]);
                WriteNumbers(json, "shape", tensor.Dims);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.Bytes.Length]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="bytes">The header.</param>
    /// <param name="dataLength">The bytes that follow it.</param>
    /// <exception cref="FormatException">The header is against the format; the message says how, as the end of a sentence.</exception>
    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> bytes, long dataLength)
    {
        if (bytes.IsEmpty || bytes.Span[0] != '{')
        {
            throw new FormatException("its header does not begin with '{'");
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false };
            using JsonDocument document = JsonDocument.Parse(bytes, options);
            var entries = new List<SafeTensorsEntry>();
            var metadata = new Dictionary<string, string>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    metadata = MetadataOf(property.Value);
                }
                else
                {
                    entries.Add(EntryOf(property.Name, property.Value));
                }
            }

            entries = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
            CheckCoverage(entries, dataLength);
            return new SafeTensorsHeader(entries, metadata);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new FormatException($"its header is not valid JSON: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static Dictionary<string, string> MetadataOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String)
            ? element.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!)
            : throw new FormatException($"{MetadataKey} does not map text to text");

    private static SafeTensorsEntry EntryOf(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shape) || NumbersOf(shape) is not { } dims
            || !element.TryGetProperty("data_offsets", out JsonElement offsets) || NumbersOf(offsets) is not [long begin, long end])
        {
            throw new FormatException($"tensor '{name}' lacks dtype, a shape of whole numbers or a pair of data_offsets");
        }

        if (!Types.TryGetValue(dtype.GetString()!, out ElementType type))
        {
            throw new FormatException($"tensor '{name}' has the dtype '{dtype.GetString()}'; {string.Join(", ", Types.Keys)} can be read");
        }

        try
        {
            long size = checked(TensorData.CountOf(dims) * type.SizeInBytes());
            if (end < begin || size != end - begin)
            {
                throw new FormatException(
                    $"tensor '{name}' lies at the offsets {begin} to {end}, "
                    + $"but {dtype.GetString()}[{string.Join(", ", dims)}] takes {size} bytes");
            }

            if (size > Array.MaxLength)
            {
                throw new FormatException($"tensor '{name}' takes {size} bytes, and one tensor in memory may take {Array.MaxLength}");
            }
        }
        catch (OverflowException e)
        {
            throw new FormatException($"the shape [{string.Join(", ", dims)}] of tensor '{name}' overflows", e);
        }

        return new SafeTensorsEntry(name, type, dims, begin, end);
    }

    private static long[]? NumbersOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    // The format wants every byte to belong to exactly one tensor: nothing can hide in a file, and no two tensors share bytes.
    private static void CheckCoverage(List<SafeTensorsEntry> entries, long dataLength)
    {
        long position = 0;
        foreach (SafeTensorsEntry entry in entries)
        {
            if (entry.End > dataLength)
            {
                throw new FormatException(
                    $"tensor '{entry.Name}' reaches to offset {entry.End}, past the end of the data, which has {dataLength} bytes");
            }

            if (entry.Begin != position)
            {
                string what = entry.Begin < position
                    ? "overlaps the tensor before it"
                    : $"leaves a gap of {entry.Begin - position} bytes before it";
                throw new FormatException($"tensor '{entry.Name}' at offset {entry.Begin} {what}");
            }

            position = entry.End;
        }

        if (position != dataLength)
        {
            throw new FormatException($"{dataLength - position} bytes at its end belong to no tensor");
        }
    }
}

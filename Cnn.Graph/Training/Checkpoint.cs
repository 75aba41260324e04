using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Training;

/// <summary>
/// All that is needed to go on with a training in the same bits: parameters, optimiser states and position. Stored as a safetensors file,
/// so that other tools can read the tensors; the rest is JSON in its metadata.
/// </summary>
internal sealed record Checkpoint(
    IReadOnlyDictionary<string, TensorData> Variables, TrainingState State, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Facts)
{
    private const string Format = "cnn.graph.checkpoint.1";

    // A validation loss may be infinite without the training being lost.
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static Checkpoint Of(
        Network network, TrainingOptions options, TrainingState state, IReadOnlyDictionary<string, TensorData> variables) =>
        new(variables, state, SettingsOf(network, options), options.Facts);

    /// <exception cref="CnnGraphException">The file cannot be read or is no checkpoint.</exception>
    public static Checkpoint Load(string path)
    {
        SafeTensorsFile file = Open(path);
        try
        {
            if (file.Metadata.GetValueOrDefault("format") != Format)
            {
                throw new CnnGraphException($"'{path}' is no checkpoint of this library.");
            }

            if (file.Metadata["sha256"] != Sum(file.Tensors))
            {
                throw new CnnGraphException($"'{path}' is a damaged checkpoint: its numbers do not have the checksum that was stored with them.");
            }

            return new Checkpoint(file.Tensors, Read<TrainingState>("state"), Read<Dictionary<string, string>>("settings"), Read<Dictionary<string, string>>("facts"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new CnnGraphException($"'{path}' is a damaged checkpoint: {e.Message}", e);
        }

        T Read<T>(string key) => JsonSerializer.Deserialize<T>(file.Metadata[key], Json) ?? throw new JsonException($"'{key}' is empty.");
    }

    /// <exception cref="CnnGraphException">The file cannot be written, or a variable is no longer a finite number.</exception>
    public void Save(string path)
    {
        foreach ((string name, TensorData data) in Variables)
        {
            if (data.Type == ElementType.Float && IndexOfNonFinite(data.Span<float>()) is >= 0 and var i)
            {
                throw new CnnGraphException($"'{name}' holds {data.Span<float>()[i]} after step {State.Step}, so no checkpoint was written. Lower the learning rate.");
            }
        }

        new SafeTensorsFile(Variables, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["sha256"] = Sum(Variables),
            ["state"] = JsonSerializer.Serialize(State, Json),
            ["settings"] = JsonSerializer.Serialize(Settings),
            ["facts"] = JsonSerializer.Serialize(Facts),
        }).Save(path);
    }

    /// <summary>Makes sure that going on gives what an uninterrupted training would have given.</summary>
    /// <exception cref="CnnGraphException">A setting or a variable differs; the message names each.</exception>
    public void RequireFit(string path, Network network, TrainingOptions options, IEnumerable<Variable> variables)
    {
        var faults = new List<string>();
        foreach ((string key, string value) in SettingsOf(network, options))
        {
            string stored = Settings.GetValueOrDefault(key, "nothing");
            if (stored != value)
            {
                faults.Add($"{key} is {stored} there and {value} here");
            }
        }

        foreach (Variable variable in variables)
        {
            TensorData? data = Variables.GetValueOrDefault(variable.Name);
            if (data is null || !Shape.Of(data.Dims).Equals(variable.Shape) || data.Type != variable.Type.Element)
            {
                faults.Add($"'{variable.Name}' is {data?.ToString() ?? "missing"} there and {variable.Type} here");
            }
        }

        if (faults.Count > 0)
        {
            throw new CnnGraphException($"The checkpoint '{path}' cannot be resumed here: {string.Join("; ", faults)}.");
        }
    }

    /// <summary>Makes sure that a file may be replaced by a checkpoint: that it is not there, or is one.</summary>
    /// <exception cref="CnnGraphException">It is something else.</exception>
    public static void RequireReplaceable(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            Load(path);
        }
        catch (CnnGraphException e)
        {
            throw new CnnGraphException($"No checkpoint will be written over '{path}', which is something else: {e.Message} Name another file.", e);
        }
    }

    private static SafeTensorsFile Open(string path)
    {
        try
        {
            return SafeTensorsFile.Load(path);
        }
        catch (CnnGraphException e) when (File.Exists(path))
        {
            throw new CnnGraphException($"'{path}' is no checkpoint of this library, or a damaged one. {e.Message}", e);
        }
    }

    /// <summary>The SHA-256 of names and numbers in the order of the names.</summary>
    private static string Sum(IReadOnlyDictionary<string, TensorData> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, TensorData data) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}:{data}\n"));
            hash.AppendData(data.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int IndexOfNonFinite(ReadOnlySpan<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// The settings that decide the bits. The number of epochs and the rate are not among them: a training may be made longer, and a rate
    /// that proved too high may be lowered.
    /// </summary>
    private static Dictionary<string, string> SettingsOf(Network network, TrainingOptions options) => new()
    {
        ["network"] = network.Name,
        ["loss"] = $"{options.Loss}",
        ["optimizer"] = $"{options.Optimizer with { LearningRate = 1 }}",
        ["batch size"] = $"{options.BatchSize}",
        ["seed"] = $"{options.Seed}",
        ["sample order"] = $"{options.Order}",
    };
}

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
        SafeTensorsFile file = SafeTensorsFile.Load(path);
        try
        {
            if (file.Metadata.GetValueOrDefault("format") != Format)
            {
                throw new CnnGraphException($"'{path}' is no checkpoint of this library.");
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

    /// <summary>The settings that decide the bits. The number of epochs is not among them: a training may be made longer.</summary>
    private static Dictionary<string, string> SettingsOf(Network network, TrainingOptions options) => new()
    {
        ["network"] = network.Name,
        ["loss"] = $"{options.Loss}",
        ["optimizer"] = $"{options.Optimizer}",
        ["batch size"] = $"{options.BatchSize}",
        ["seed"] = $"{options.Seed}",
        ["sample order"] = $"{options.Order}",
    };
}

using Cnn.Graph.Files;
using Cnn.Graph.Ir;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// A checkpoint of ONNX Runtime Training: the numbers of a network, and where its optimiser stands. Immutable. Tensors are called as in the
/// models beside it, <c>c1_weight</c> for <c>c1/weight</c>.
/// </summary>
public sealed class OrtCheckpoint
{
    /// <summary>Gathers the content of a checkpoint.</summary>
    /// <param name="trained">The parameters that are trained, by name.</param>
    /// <param name="frozen">The others, and what layers gather, by name.</param>
    /// <param name="optimizer">Where the optimiser stands; null before the first step.</param>
    public OrtCheckpoint(
        IReadOnlyDictionary<string, TensorData> trained,
        IReadOnlyDictionary<string, TensorData> frozen,
        OrtOptimizerState? optimizer = null)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(frozen);
        (Trained, Frozen, Optimizer) = (trained, frozen, optimizer);
    }

    /// <summary>The parameters that are trained, by name.</summary>
    public IReadOnlyDictionary<string, TensorData> Trained { get; }

    /// <summary>The parameters that are not, and what layers gather in training, such as running means, by name.</summary>
    public IReadOnlyDictionary<string, TensorData> Frozen { get; }

    /// <summary>Where the optimiser stands; null where the file does not say.</summary>
    public OrtOptimizerState? Optimizer { get; }

    /// <summary>
    /// Texts by a short key, which the runtime keeps when it saves: the metadata of the model that the artifacts were made of, such as how
    /// its inputs are made of pixels. The property bag's numbers, which other writers may have left there, are not kept.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a checkpoint, be it written here or by ONNX Runtime.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CnnGraphException">
    /// The file is not there, is no checkpoint, is damaged, or keeps its tensors in another file.
    /// </exception>
    public static OrtCheckpoint Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new CnnGraphException($"'{path}' is a folder, not a checkpoint. Name a file in it.");
        }

        try
        {
            return CheckpointFormat.Read(File.ReadAllBytes(path));
        }
        catch (FormatException e)
        {
            throw new CnnGraphException($"'{path}' is not a sound checkpoint of ONNX Runtime Training: {e.Message}.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CnnGraphException($"'{path}' cannot be read: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CnnGraphException($"'{path}' cannot be read: permission is denied.", e);
        }
        catch (IOException e)
        {
            throw new CnnGraphException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the checkpoint, which appears complete or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="CnnGraphException">The file cannot be written, or would take more than the 2 GiB that it may.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using MemoryStream bytes = CheckpointFormat.Write(this);
        AtomicFile.Write(path, bytes.WriteTo);
    }

    /// <summary>The network that the artifacts were made of, with the numbers and the card of the checkpoint.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="CnnGraphException">The checkpoint is of another network; the message names every difference.</exception>
    public Model ToModel(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var names = ArtifactNames.Of(network).ToDictionary(n => n.Value, n => n.Key);
        var weights = Trained.Concat(Frozen).ToDictionary(t => names.GetValueOrDefault(t.Key, t.Key), t => t.Value);

        // What layers keep beside their averages is only for training.
        foreach (string kept in names.Values.Except(network.Variables.Select(v => v.Name)))
        {
            weights.Remove(kept);
        }

        return new Model(network, weights) { Card = ModelCard.Read(Properties) };
    }
}

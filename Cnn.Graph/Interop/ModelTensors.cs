using Cnn.Graph.Interop;
using Cnn.Graph.Ir;

namespace Cnn.Graph;

/// <summary>A model's numbers in files of other tools.</summary>
public static class ModelTensors
{
    /// <summary>Writes the numbers alone, as PyTorch users exchange them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, usually <c>.safetensors</c>; replaced only when the new one is complete.</param>
    /// <param name="names">
    /// What to call each variable, as <see cref="Architectures.Architecture.StateDictKeys"/> gives torchvision's names; others keep theirs.
    /// </param>
    /// <param name="metadata">Text entries by key; none by default.</param>
    /// <exception cref="CnnGraphException">The file cannot be written, or two variables would have one name.</exception>
    public static void SaveSafeTensors(
        this Model model, string path, IReadOnlyDictionary<string, string>? names = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = new Dictionary<string, TensorData>();
        foreach ((string variable, TensorData data) in model.Weights)
        {
            string name = names?.GetValueOrDefault(variable) ?? variable;
            if (!tensors.TryAdd(name, data))
            {
                throw new CnnGraphException($"'{path}' cannot be written: two variables would be called '{name}'.");
            }
        }

        new SafeTensorsFile(tensors, metadata).Save(path);
    }
}

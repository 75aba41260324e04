using System.Globalization;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>The keys of PyTorch's state dictionaries: a module's path with dots, then the tensor's name in it.</summary>
internal static class StateDict
{
    /// <summary>The key of a variable whose layer is a module.</summary>
    /// <param name="variable">The variable, <c>conv1/weight</c>.</param>
    /// <param name="module">The module for a layer's name.</param>
    public static string Key(Variable variable, Func<string, string> module)
    {
        int cut = variable.Name.LastIndexOf('/');
        return $"{module(variable.Name[..cut])}.{Tensor(variable.Name[(cut + 1)..])}";
    }

    /// <summary>Modules that are called as the layers here, with dots between.</summary>
    public static string Dotted(string layer) => layer.Replace('/', '.');

    /// <summary>
    /// Modules in two sequences, <c>features.0</c>, <c>features.1</c>… and from some layer on <c>classifier.0</c>…, each layer or block one
    /// module.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="second">The first layer of the second sequence.</param>
    /// <param name="inBlock">What layers of a block are called.</param>
    public static Func<string, string> Sequences(Network network, string second, Func<string, string>? inBlock = null)
    {
        string[] modules = [.. network.Nodes.Select(n => n.Name.Split('/')[0]).Distinct()];
        int cut = Array.IndexOf(modules, second);
        return layer =>
        {
            string[] path = layer.Split('/', 2);
            int at = Array.IndexOf(modules, path[0]);
            string place = at < cut ? $"features.{at}" : $"classifier.{at - cut}";
            return path.Length == 1 ? place : $"{place}.{(inBlock ?? Dotted)(path[1])}";
        };
    }

    /// <summary>Counts from zero: <c>conv3_1</c> is <c>layer2.0</c>.</summary>
    /// <param name="number">Digits that count from one.</param>
    /// <param name="by">How much less.</param>
    public static string Less(string number, int by = 1) =>
        (int.Parse(number, CultureInfo.InvariantCulture) - by).ToString(CultureInfo.InvariantCulture);

    private static string Tensor(string name) => name switch
    {
        "scale" => "weight",
        "shift" => "bias",
        "mean" => "running_mean",
        "variance" => "running_var",
        _ => name,
    };
}

using Cnn.Graph.Ir;

namespace Cnn.Graph.Building;

/// <summary>Weights are taken whole or not at all.</summary>
internal static class WeightsCheck
{
    /// <exception cref="CnnGraphException">A tensor is missing, is not used or has the wrong type or shape.</exception>
    public static void Require(Network network, IReadOnlyDictionary<string, TensorData> weights, string? source = null)
    {
        var expected = network.Variables.ToDictionary(p => p.Name);
        string[] missing = [.. expected.Keys.Where(name => !weights.ContainsKey(name))];
        string[] unused = [.. weights.Keys.Where(name => !expected.ContainsKey(name))];
        string[] misshapen =
        [
            .. network.Variables.Where(p => weights.TryGetValue(p.Name, out TensorData? data)
                    && (data.Type != p.Type.Element || !Shape.Of(data.Dims).Equals(p.Shape)))
                .Select(p => $"{p.Name} is {weights[p.Name]}, not {p.Type}"),
        ];
        if (missing.Length + unused.Length + misshapen.Length > 0)
        {
            string[] parts =
            [
                .. missing.Length > 0 ? [$"missing: {string.Join(", ", missing)}"] : Array.Empty<string>(),
                .. unused.Length > 0 ? [$"not used: {string.Join(", ", unused)}"] : Array.Empty<string>(),
                .. misshapen.Length > 0 ? [$"wrong shape: {string.Join(", ", misshapen)}"] : Array.Empty<string>(),
            ];
            throw new CnnGraphException(
                $"The weights{(source is null ? string.Empty : $" of '{source}'")} are not those of '{network.Name}'; {string.Join("; ", parts)}.");
        }
    }
}

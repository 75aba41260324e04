using Cnn.Graph.Text;

namespace Cnn.Graph.Interop;

/// <summary>What a file calls the variables of a network.</summary>
/// <param name="Map">The file's name for each variable, as far as it is known.</param>
/// <param name="IsGuess">Whether the file may have other names as well; if not, every name must exist on its side.</param>
internal sealed record WeightNames(IReadOnlyDictionary<string, string> Map, bool IsGuess)
{
    /// <summary>The names that a variable may have in the file.</summary>
    public string[] For(string variable, string[] own) =>
        !Map.TryGetValue(variable, out string? told) ? own : IsGuess ? [told, .. own] : [told];

    /// <summary>What is wrong with names on either side.</summary>
    public IEnumerable<(string Name, string Fault)> Faults(Network network, IEnumerable<string> tensors)
    {
        if (IsGuess)
        {
            yield break;
        }

        string[] variables = [.. network.Variables.Select(v => v.Name)];
        HashSet<string> stored = [.. tensors];
        foreach ((string variable, string tensor) in Map)
        {
            if (!variables.Contains(variable))
            {
                yield return (variable, $"'{variable}' is no variable of '{network.Name}'. {Proposal.For(variable, variables)}");
            }
            else if (!stored.Contains(tensor))
            {
                yield return (variable, $"'{tensor}', named for {variable}, is not there. {Proposal.For(tensor, stored)}");
            }
        }
    }
}

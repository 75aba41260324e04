using System.IO.Enumeration;
using Cnn.Graph.Ir;
using Cnn.Graph.Text;

namespace Cnn.Graph.Building;

/// <summary>Variables by a pattern of their names.</summary>
internal static class NamePattern
{
    /// <param name="pattern">A name, with <c>*</c> for any characters.</param>
    /// <param name="name">A variable's name.</param>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>The variables of a network that a pattern names.</summary>
    /// <exception cref="CnnGraphException">There is none: a slip of the pen.</exception>
    public static IReadOnlyList<Variable> Find(string pattern, Network network)
    {
        Variable[] found = [.. network.Variables.Where(v => Matches(pattern, v.Name))];
        return found.Length > 0 ? found : throw new CnnGraphException(
            $"'{pattern}' names no parameter of '{network.Name}'. {Proposal.For(pattern, network.Variables.Select(v => v.Name))}");
    }
}

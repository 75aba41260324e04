using Cnn.Graph.Text;

namespace Cnn.Graph.Cli.Options;

/// <summary>Words of the command line that stand for a choice.</summary>
internal static class NamedValues
{
    /// <summary>The word as it is spelled here, whatever the case it was typed in.</summary>
    /// <exception cref="UsageException">There is no such word; the message says which there are and which is the nearest.</exception>
    public static string Find(string word, string noun, IReadOnlyList<string> known)
    {
        string? found = known.FirstOrDefault(k => string.Equals(k, word, StringComparison.OrdinalIgnoreCase));
        string proposal = NearestName.Find(word, known) is { } nearest ? $" Did you mean '{nearest}'?" : string.Empty;
        return found ?? throw new UsageException($"there is no {noun} '{word}'.{proposal} There are: {string.Join(", ", known)}");
    }
}

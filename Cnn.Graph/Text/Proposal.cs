namespace Cnn.Graph.Text;

/// <summary>The end of a message about a name that does not exist.</summary>
internal static class Proposal
{
    /// <summary>"Did you mean 'x'?" where a name is near, else the first names that there are.</summary>
    public static string For(string name, IEnumerable<string> candidates)
    {
        const int shown = 12;
        string[] known = [.. candidates.Distinct()];
        return NearestName.Find(name, known) is { } nearest
            ? $"Did you mean '{nearest}'?"
            : $"There are: {string.Join(", ", known.Take(shown))}{(known.Length > shown ? ", …" : string.Empty)}.";
    }
}

namespace Cnn.Graph.Onnx;

/// <summary>Turns a path that a file names into one on this machine, and refuses every path that leaves the file's folder.</summary>
internal static class ContainedPath
{
    private const int MaxLinks = 40;

    /// <summary>The path of <paramref name="relative"/> in <paramref name="folder"/>.</summary>
    /// <param name="folder">The folder that must not be left.</param>
    /// <param name="relative">What the file names; need not exist.</param>
    /// <param name="fault">Why the path is refused, as the end of a sentence that begins with it.</param>
    /// <returns>The path, or null if it is refused.</returns>
    public static string? Resolve(string folder, string relative, out string? fault)
    {
        fault = LexicalFault(relative);
        if (fault is not null)
        {
            return null;
        }

        string path = Path.Combine(Path.GetFullPath(folder), relative);
        string? real = RealPath(path);
        string? realFolder = RealPath(folder);
        if (real is null || realFolder is null || !real.StartsWith(WithSeparator(realFolder), StringComparison.Ordinal))
        {
            fault = "leaves the model's folder through a symbolic link";
            return null;
        }

        return path;
    }

    private static string WithSeparator(string folder) => Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;

    // Both separators and drive letters count on every system: a model must not mean one thing on Windows and another on Linux.
    private static string? LexicalFault(string relative)
    {
        if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal))
        {
            return "is no file name";
        }

        if (relative[0] is '/' or '\\' || (relative.Length > 1 && char.IsAsciiLetter(relative[0]) && relative[1] == ':'))
        {
            return "is an absolute path; only files in the model's folder are read";
        }

        return relative.Split('/', '\\').Contains("..") ? "leaves the model's folder through '..'" : null;
    }

    // .NET resolves a link at the end of a path, but not those in its middle.
    private static string? RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        string current = Path.GetPathRoot(full)!;
        var pending = new Stack<string>(SegmentsOf(full[current.Length..]));
        for (int links = 0; pending.TryPop(out string? segment);)
        {
            if (segment == "..")
            {
                current = Path.GetDirectoryName(current) ?? current;
                continue;
            }

            string next = Path.Combine(current, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            if (Path.IsPathRooted(target))
            {
                current = Path.GetPathRoot(target)!;
                target = target[current.Length..];
            }

            foreach (string part in SegmentsOf(target))
            {
                pending.Push(part);
            }
        }

        return current;
    }

    // Last segment first, as a stack takes them.
    private static IEnumerable<string> SegmentsOf(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(segment => segment != ".")
            .Reverse();
}

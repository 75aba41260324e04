namespace Cnn.Graph.Files;

/// <summary>Writes files so that a reader sees the old one or the new one, never half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Renaming over one of these would put a file in the place of a device.</summary>
    private static readonly string[] DeviceFolders = OperatingSystem.IsWindows() ? [] : ["/dev/", "/proc/", "/sys/"];

    /// <summary>
    /// Writes beside <paramref name="path"/> and renames at the end; on any failure nothing is left behind. Links are followed.
    /// </summary>
    /// <exception cref="CnnGraphException">The file cannot be written: no such folder, no permission, disk full.</exception>
    public static void Write(string path, Action<Stream> write) => Replace(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    });

    /// <summary>The same for what writes files by their names.</summary>
    /// <exception cref="CnnGraphException">The file cannot be written: no such folder, no permission, disk full.</exception>
    public static void Replace(string path, Action<string> write)
    {
        string target = Target(path), temporary = Temporary(target);
        try
        {
            write(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new CnnGraphException($"'{path}' cannot be written: {Reason(e, target)}", e);
            }

            throw;
        }
    }

    /// <summary>Makes sure, before long work starts, that its result can be written at <paramref name="path"/>.</summary>
    /// <exception cref="CnnGraphException">A file cannot be created there.</exception>
    public static void EnsureWritable(string path)
    {
        string target = Target(path), probe = Temporary(target);
        if (Directory.Exists(target))
        {
            throw new CnnGraphException($"'{path}' cannot be written: it is a folder. Name a file in it.");
        }

        try
        {
            using (new FileStream(probe, FileMode.Create, FileAccess.Write))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CnnGraphException($"'{path}' cannot be written: {Reason(e, target)}", e);
        }
        finally
        {
            TryDelete(probe);
        }
    }

    /// <summary>Creates a folder, with those above it, unless it is there.</summary>
    /// <exception cref="CnnGraphException">It cannot be created: a file stands in its place, no permission.</exception>
    public static void EnsureFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string reason = FileAbove(path) is { } file ? $"'{file}' is a file. Name a folder."
                : e is UnauthorizedAccessException ? "permission is denied."
                : e.Message;
            throw new CnnGraphException($"The folder '{path}' cannot be created: {reason}", e);
        }
    }

    /// <summary>The part of a folder's path that is a file; null where there is none.</summary>
    private static string? FileAbove(string folder)
    {
        string? part = Path.GetFullPath(folder);
        while (part is not null && !File.Exists(part))
        {
            part = Path.GetDirectoryName(part);
        }

        return part;
    }

    /// <summary>The file that a path leads to in the end.</summary>
    /// <exception cref="CnnGraphException">The path is empty or leads to a device.</exception>
    private static string Target(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new CnnGraphException("A file to write to must have a name, but the one given is empty.");
        }

        string target = Path.GetFullPath(path);
        try
        {
            target = new FileInfo(target) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : target;
        }
        catch (IOException e)
        {
            throw new CnnGraphException($"'{path}' cannot be written: {e.Message}", e);
        }

        return DeviceFolders.Any(folder => target.StartsWith(folder, StringComparison.Ordinal))
            ? throw new CnnGraphException($"'{path}' cannot be written: it is a device, not a file. Name a file in a folder of yours.")
            : target;
    }

    private static string Temporary(string target) => $"{target}.{Environment.ProcessId}.tmp";

    private static string Reason(Exception e, string target) => e switch
    {
        DirectoryNotFoundException when FileAbove(Path.GetDirectoryName(target)!) is { } file => $"'{file}' is a file, not a folder.",
        DirectoryNotFoundException => $"the folder '{Path.GetDirectoryName(target)}' does not exist. Create it first.",
        UnauthorizedAccessException when Directory.Exists(target) => "it is a folder. Name a file in it.",
        UnauthorizedAccessException => "permission is denied.",
        _ => e.Message.Replace(Temporary(target), target, StringComparison.Ordinal),
    };

    /// <summary>Deletes a file if that can be done.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}

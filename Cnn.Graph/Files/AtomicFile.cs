namespace Cnn.Graph.Files;

/// <summary>Writes files so that a reader sees the old one or the new one, never half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/> and renames at the end; on any failure nothing is left behind.</summary>
    /// <exception cref="CnnGraphException">The file cannot be written: no such folder, no permission, disk full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new CnnGraphException($"'{path}' cannot be written: {Reason(e, path)}", e);
            }

            throw;
        }
    }

    /// <summary>Makes sure, before long work starts, that its result can be written at <paramref name="path"/>.</summary>
    /// <exception cref="CnnGraphException">A file cannot be created there.</exception>
    public static void EnsureWritable(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CnnGraphException($"'{path}' cannot be written: it is a folder. Name a file in it.");
        }

        string probe = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (new FileStream(probe, FileMode.Create, FileAccess.Write))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CnnGraphException($"'{path}' cannot be written: {Reason(e, path)}", e);
        }
        finally
        {
            TryDelete(probe);
        }
    }

    private static string Reason(Exception e, string path) => e switch
    {
        DirectoryNotFoundException => $"the folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' does not exist. Create it first.",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder. Name a file in it.",
        UnauthorizedAccessException => "permission is denied.",
        _ => e.Message,
    };

    private static void TryDelete(string path)
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

using Cnn.Graph.Files;

namespace Cnn.Graph.Onnx;

/// <summary>
/// Keeps the references of a model valid that is saved into another folder: copies the files that hold its external data.
/// </summary>
internal static class ExternalCopies
{
    /// <summary>Copies each file under its relative name, unless the model stays in its folder.</summary>
    /// <param name="locations">The relative names.</param>
    /// <param name="source">The folder that holds them; null if there are none.</param>
    /// <param name="modelPath">The model file that is being written.</param>
    /// <exception cref="CnnGraphException">A file cannot be copied, or would replace one with other contents.</exception>
    public static void Write(IEnumerable<string> locations, string? source, string modelPath)
    {
        string folder = ModelReader.FolderOf(modelPath);
        if (source is null || Path.GetFullPath(source) == folder)
        {
            return;
        }

        foreach (string location in locations)
        {
            string? from = ContainedPath.Resolve(source, location, out string? fault);
            string? to = from is null ? null : ContainedPath.Resolve(folder, location, out fault);
            if (to is null)
            {
                throw new CnnGraphException($"'{modelPath}' cannot be written: its external data '{location}' {fault}.");
            }

            Copy(from!, to, modelPath, location);
        }
    }

    private static void Copy(string from, string to, string modelPath, string location)
    {
        try
        {
            using FileStream original = File.OpenRead(from);
            if (File.Exists(to))
            {
                if (SameContents(original, to))
                {
                    return;
                }

                // Another model may refer to it. Only the name that belongs to this model may be replaced.
                if (location != $"{Path.GetFileName(modelPath)}.data")
                {
                    throw new CnnGraphException(
                        $"'{modelPath}' cannot be written: its external data would replace '{to}', which has other contents. "
                        + "Save into another folder, or delete that file.");
                }
            }

            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            original.Position = 0;
            AtomicFile.Write(to, original.CopyTo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CnnGraphException(
                $"'{modelPath}' cannot be written: its external data '{location}' cannot be copied: {e.Message}", e);
        }
    }

    private static bool SameContents(FileStream original, string path)
    {
        using FileStream other = File.OpenRead(path);
        if (original.Length != other.Length)
        {
            return false;
        }

        byte[] left = new byte[1 << 16];
        byte[] right = new byte[left.Length];
        for (int read; (read = original.ReadAtLeast(left, left.Length, throwOnEndOfStream: false)) > 0;)
        {
            if (other.ReadAtLeast(right, read, throwOnEndOfStream: false) < read
                || !left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)))
            {
                return false;
            }
        }

        return true;
    }
}

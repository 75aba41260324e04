using Cnn.Graph.Text;

namespace Cnn.Graph.Data;

/// <summary>Opens data sets by the words of a command line.</summary>
public static class DataSource
{
    private static readonly PackagedDataset[] Known = [Mnist.Packaged, FashionMnist.Packaged];

    /// <summary>The data sets that are known by name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(d => d.Id)];

    /// <summary>Opens a data set.</summary>
    /// <param name="spec">
    /// A name out of <see cref="Names"/>; a folder with MNIST's four IDX files, CIFAR-10's or CIFAR-100's binary files; or files
    /// separated by commas: <c>IMAGES,LABELS</c> or <c>IMAGES,LABELS,TEST-IMAGES,TEST-LABELS</c> in the IDX format, or CIFAR files that
    /// end in <c>.bin</c>, of which those with <c>test</c> in their names make the test set. For IDX files, a file <c>labels.txt</c>
    /// beside them may name the classes, one per line; without it they are the ten digits, unless <paramref name="classes"/> says
    /// otherwise.
    /// </param>
    /// <param name="cacheDirectory">Where data sets known by name are kept; see <see cref="Mnist.Load"/>.</param>
    /// <param name="report">Receives a line when data is being fetched.</param>
    /// <param name="classes">The number of classes, at least as many as the labels need; those of the data set by default.</param>
    /// <exception cref="DataFormatException">There is no such data set, or its files cannot be used.</exception>
    /// <exception cref="CnnGraphException">The data set cannot be fetched, or has labels beyond <paramref name="classes"/>.</exception>
    public static DataSplits Open(string spec, string? cacheDirectory = null, Action<string>? report = null, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        DataSplits data = Open(spec, cacheDirectory, report, isOpen: classes is not null);
        return classes is { } count ? data.WithClasses(count) : data;
    }

    /// <summary>A set whose number of classes is open may have any label that a byte can tell.</summary>
    private static DataSplits Open(string spec, string? cacheDirectory, Action<string>? report, bool isOpen)
    {
        if (Known.FirstOrDefault(d => d.Id == spec) is { } known)
        {
            return known.Load(cacheDirectory, report);
        }

        if (Directory.Exists(spec))
        {
            return DataFolder.Open(spec, isOpen);
        }

        string[] files = spec.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (files.Length == 0 || (files.Length == 1 && !File.Exists(files[0])))
        {
            throw Unknown(spec);
        }

        bool[] isCifar = [.. files.Select(IsCifar)];
        return isCifar.All(c => c) ? OpenCifar(files)
            : isCifar.Any(c => c) ? throw new DataFormatException($"'{spec}' mixes CIFAR files (.bin) with others; name files of one kind.")
            : OpenIdx(spec, files, isOpen);
    }

    private static DataSplits OpenIdx(string spec, string[] files, bool isOpen)
    {
        if (files.Length is not (2 or 4))
        {
            string noun = files.Length == 1 ? "file" : "files";
            throw new DataFormatException(
                $"'{spec}' names {files.Length} IDX {noun}; name IMAGES,LABELS or IMAGES,LABELS,TEST-IMAGES,TEST-LABELS.");
        }

        IReadOnlyList<string> labelNames = DataFolder.LabelNamesBeside(files[0], isOpen);
        ImageDataset train = IdxFile.ReadDataset(files[0], files[1], labelNames: labelNames);
        ImageDataset test = files.Length == 4 ? IdxFile.ReadDataset(files[2], files[3], labelNames: labelNames) : train.Take(0);
        return new DataSplits(train.Name, train, test);
    }

    private static DataSplits OpenCifar(string[] files)
    {
        string[] testFiles = [.. files.Where(f => Path.GetFileName(f).Contains("test", StringComparison.OrdinalIgnoreCase))];
        string[] trainFiles = [.. files.Except(testFiles)];
        if (trainFiles.Length == 0)
        {
            (trainFiles, testFiles) = (testFiles, []);
        }

        ImageDataset train = CifarFile.Read(trainFiles, Path.GetFileName(trainFiles[0]));
        ImageDataset test = testFiles.Length > 0 ? CifarFile.Read(testFiles, Path.GetFileName(testFiles[0])) : train.Take(0);
        return new DataSplits(train.Name, train, test);
    }

    private static bool IsCifar(string file) =>
        file.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".bin.gz", StringComparison.OrdinalIgnoreCase);

    private static DataFormatException Unknown(string spec)
    {
        string suggestion = NearestName.Find(spec, Names) is { } name ? $" Did you mean '{name}'?" : string.Empty;
        return new DataFormatException(
            $"There is no data set, folder or file '{spec}'.{suggestion} Possible are {string.Join(", ", Names)}, "
            + $"a folder with {DataFolder.Kinds}, IDX files as IMAGES,LABELS[,TEST-IMAGES,TEST-LABELS], "
            + "or CIFAR .bin files separated by commas.");
    }
}

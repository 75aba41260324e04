namespace Cnn.Graph.Data;

/// <summary>
/// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): articles of clothing in grey, 28x28, 60,000 to train with and 10,000 to test with.
/// </summary>
public static class FashionMnist
{
    // npm's package fashion-mnist is no substitute: it mixes training and test images, and 5,605 of its 70,002 are not the originals.
    private static readonly DebianPackage Package = new("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist");

    /// <summary>The ten articles.</summary>
    public static IReadOnlyList<string> LabelNames { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    internal static PackagedDataset Packaged { get; } = new()
    {
        Id = "fashion-mnist",
        Title = "Fashion-MNIST",
        Source = "Debian package dataset-fashion-mnist, 31 MB",
        LabelNames = LabelNames,
        Normalization = Normalization.FashionMnist,
        Files = KnownFile.LikeMnist(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        Fetch = (folder, run) => Package.Fetch(Packaged!.Files.Select(f => f.Name), folder, run),
    };

    /// <summary>
    /// Loads Fashion-MNIST from the cache. The first time it is fetched with apt-get, 31 MB, which needs Debian or a descendant but no
    /// privileges; afterwards no network is needed. Elsewhere, open a folder with the four IDX files with <see cref="DataSource"/>.
    /// </summary>
    /// <param name="cacheDirectory">
    /// Where to keep the files; by default <c>cnn.graph</c> in XDG_CACHE_HOME, else in the user's local application data (Windows) or
    /// <c>~/.cache</c>.
    /// </param>
    /// <param name="report">Receives a line when the data is being fetched.</param>
    /// <exception cref="CnnGraphException">It cannot be fetched: no apt-get or dpkg, no network, or not the expected content.</exception>
    public static DataSplits Load(string? cacheDirectory = null, Action<string>? report = null) =>
        Packaged.Load(cacheDirectory, report);
}

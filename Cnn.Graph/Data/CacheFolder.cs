namespace Cnn.Graph.Data;

/// <summary>Where fetched data is kept between runs.</summary>
internal static class CacheFolder
{
    /// <summary><c>cnn.graph</c> in XDG_CACHE_HOME, else in the user's folder for such things.</summary>
    public static string Default => Path.Combine(Root(Environment.GetEnvironmentVariable("XDG_CACHE_HOME")), "cnn.graph");

    internal static string Root(string? xdgCacheHome)
    {
        // The XDG specification has relative paths ignored.
        if (!string.IsNullOrEmpty(xdgCacheHome) && Path.IsPathFullyQualified(xdgCacheHome))
        {
            return xdgCacheHome;
        }

        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
    }
}

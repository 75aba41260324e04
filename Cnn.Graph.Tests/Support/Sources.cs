namespace Cnn.Graph.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
internal static class Sources
{
    /// <summary>A file or folder among them; null where the tests were copied elsewhere and run without.</summary>
    public static string? Path(params string[] path)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Cnn.Graph.sln")))
        {
            root = root.Parent;
        }

        return root is null ? null : System.IO.Path.Combine([root.FullName, .. path]);
    }
}

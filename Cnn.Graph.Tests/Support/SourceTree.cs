using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Where a file or folder of the sources lies; null where the tests were copied elsewhere and run without them.</summary>
    public static string? Find(params string[] path)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Cnn.Graph.sln")))
        {
            root = root.Parent;
        }

        return root is null ? null : Path.Combine([root.FullName, .. path]);
    }

    /// <summary>As <see cref="Find"/>; without sources the test is skipped.</summary>
    public static string PathOf(params string[] path)
    {
        string? found = Find(path);
        Assume.That(found, Is.Not.Null, "the tests run without their sources");
        return found!;
    }
}

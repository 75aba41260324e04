using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>The sources that the tests were built from. Where the tests were copied elsewhere, there are none, and the test is skipped.</summary>
internal static class SourceTree
{
    /// <summary>Where a file of the sources lies.</summary>
    public static string PathOf(params string[] path)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Cnn.Graph.sln")))
        {
            root = root.Parent;
        }

        Assume.That(root, Is.Not.Null, "the tests run without their sources");
        return Path.Combine([root!.FullName, .. path]);
    }
}

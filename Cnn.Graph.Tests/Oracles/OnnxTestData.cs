using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>The models with which ONNX tests its own backends, where the package libonnx-testdata is installed.</summary>
internal static class OnnxTestData
{
    private static readonly string[] Folders =
    [
        "/usr/share/libonnx-testdata/data",
        "/usr/lib/python3/dist-packages/onnx/backend/test/data",
    ];

    /// <summary>All model files, sorted; empty where the package is missing.</summary>
    public static IReadOnlyList<string> Models { get; } = Find();

    /// <summary>Some of them, evenly spread; one case that is skipped with a reason where the package is missing.</summary>
    public static IEnumerable<TestCaseData> Sample()
    {
        const int Count = 40;
        if (Models.Count == 0)
        {
            var none = new TestCaseData(string.Empty).SetArgDisplayNames("none");
            return [none.Ignore("skipped: the package libonnx-testdata is not installed")];
        }

        int step = Math.Max(1, Models.Count / Count);
        return Models.Where((_, index) => index % step == 0).Select(path => new TestCaseData(path).SetArgDisplayNames(Label(path)));
    }

    /// <summary>Kind and name of a model, for messages.</summary>
    public static string Label(string path) => string.Join('/', path.Split(Path.DirectorySeparatorChar)[^3..^1]);

    private static string[] Find()
    {
        string? folder = Array.Find(Folders, Directory.Exists);
        return folder is null ? [] : [.. Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }
}

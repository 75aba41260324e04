using Cnn.Graph.Data;

namespace Cnn.Graph.Cli.Options;

/// <summary>The field in whose middle pictures are shown, as the command line and the metadata of models have it: <c>40x40</c>.</summary>
internal static class Canvas
{
    /// <summary>What models call it among their facts.</summary>
    public const string Fact = "canvas";

    /// <exception cref="UsageException">The text is no height and width.</exception>
    public static string Parse(string text) => Sides(text) is (int height, int width)
        ? $"{height}x{width}"
        : throw new UsageException($"height and width are needed, such as 40x40, not '{text}'");

    /// <summary>The data on the field that a fact tells, or as it is where there is none.</summary>
    /// <exception cref="CnnGraphException">The fact is none, or the field does not suit the data.</exception>
    public static DataSplits Apply(DataSplits data, IReadOnlyDictionary<string, string> facts) => !facts.TryGetValue(Fact, out string? text) ? data
        : Sides(text) is (int height, int width) ? data.OnCanvas(height, width)
        : throw new CnnGraphException($"The metadata '{Fact}' must be height and width, such as 40x40, not '{text}'.");

    private static (int Height, int Width)? Sides(string text) =>
        text.Split('x') is [var rows, var columns] && int.TryParse(rows, out int height) && int.TryParse(columns, out int width) && height > 0 && width > 0
            ? (height, width)
            : null;
}

using System.Globalization;

namespace Cnn.Graph.Cli.Options;

/// <summary>The shape of a picture as the command line has it, <c>3x224x224</c>.</summary>
/// <param name="Dims">Channels, height and width.</param>
internal sealed record PictureShape(IReadOnlyList<int> Dims)
{
    /// <exception cref="UsageException">The text is no such shape.</exception>
    public static PictureShape Parse(string text)
    {
        int[] dims = [.. text.Split('x', 'X').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int d) ? d : 0)];
        return dims.Length == 3 && dims.All(d => d > 0)
            ? new PictureShape(dims)
            : throw new UsageException($"channels, height and width are needed, such as 3x224x224, not '{text}'");
    }
}

using System.Globalization;

namespace Cnn.Graph.Cli.Options;

/// <summary>The shape of one sample as the command line has it: <c>3x224x224</c> for a picture, <c>16x15</c> for a signal.</summary>
/// <param name="Dims">Channels, then what axes there are: height and width.</param>
internal sealed record SampleShape(IReadOnlyList<int> Dims)
{
    /// <exception cref="UsageException">The text is no such shape.</exception>
    public static SampleShape Parse(string text)
    {
        int[] dims = [.. text.Split('x', 'X').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int d) ? d : 0)];
        return dims.All(d => d > 0)
            ? new SampleShape(dims)
            : throw new UsageException($"channels, height and width are needed, such as 3x224x224, not '{text}'");
    }
}

using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>What layers ask of pictures [N, C, H, W].</summary>
internal static class Pictures
{
    /// <summary>A fault where the input is known to be no picture of a known size, else none.</summary>
    /// <param name="input">The layer's input.</param>
    /// <param name="layer">What the layer is, as the message begins: <c>a crop</c>.</param>
    public static IReadOnlyList<string> FaultsAsPicture(this Value input, string layer)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.IsPicture() || input.Type.IsUnknown
            ? []
            : [$"{layer} takes [N, channels, height, width] of a known size, but the input is {input.Shape}."];
    }

    /// <summary>Whether the shape is [N, C, H, W], of which only N may be open.</summary>
    public static bool IsPicture(this Value input) => input.Shape.Rank == 4 && input.Shape.Skip(1).All(d => d.IsKnown);
}

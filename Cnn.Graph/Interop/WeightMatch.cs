namespace Cnn.Graph.Interop;

/// <summary>What was done to a stored tensor on its way into a network.</summary>
[Flags]
public enum WeightChange
{
    /// <summary>Nothing: bit for bit the same.</summary>
    None = 0,

    /// <summary>A matrix was transposed, [features, units] to [units, features].</summary>
    Transposed = 1,

    /// <summary>
    /// The same numbers in the same order got other dimensions: a dense layer's matrix as a convolution's kernel, or the reverse.
    /// </summary>
    Reshaped = 2,

    /// <summary>Elements of 16 or 64 bits became floats of 32 bits.</summary>
    Converted = 4,

    /// <summary>A constant was added to running variances, because the file's layer adds another epsilon to them.</summary>
    Adjusted = 8,

    /// <summary>
    /// No tensor: a normalisation that the file has folded into the layer before it became the identity, or a bias that the file lacks
    /// zero.
    /// </summary>
    Neutral = 16,
}

/// <summary>Where a variable's numbers come from.</summary>
/// <param name="Variable">The variable's name in the network.</param>
/// <param name="Source">The tensor's name in the file; null where the numbers are neutral ones.</param>
/// <param name="Change">What was done to it.</param>
public sealed record WeightMatch(string Variable, string? Source, WeightChange Change)
{
    /// <summary>The match in one line.</summary>
    public override string ToString() =>
        $"{Variable} <- {Source ?? "nothing in the file"}{(Change == WeightChange.None ? string.Empty : $" ({Change})")}";
}

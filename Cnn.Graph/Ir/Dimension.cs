using System.Globalization;

namespace Cnn.Graph.Ir;

/// <summary>One dimension of a shape: a known size, or a symbol such as <c>N</c> for the batch that is bound later.</summary>
public readonly record struct Dimension
{
    private Dimension(long size, string? symbol)
    {
        Size = size;
        Symbol = symbol;
    }

    /// <summary>The size, or −1 while the dimension is a symbol.</summary>
    public long Size { get; }

    /// <summary>The symbol, or null where the size is known.</summary>
    public string? Symbol { get; }

    /// <summary>Whether the size is known.</summary>
    public bool IsKnown => Symbol is null;

    /// <summary>A dimension that is bound later.</summary>
    /// <param name="symbol">Its name in the ONNX file.</param>
    public static Dimension Symbolic(string symbol)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        return new Dimension(-1, symbol);
    }

    /// <summary>A known dimension.</summary>
    /// <param name="size">The number of elements along it.</param>
    public static implicit operator Dimension(long size) => new(size, null);

    /// <summary>A known dimension.</summary>
    /// <param name="size">The number of elements along it.</param>
    public static Dimension FromInt64(long size) => size;

    /// <inheritdoc/>
    public override string ToString() => Symbol ?? Size.ToString(CultureInfo.InvariantCulture);
}

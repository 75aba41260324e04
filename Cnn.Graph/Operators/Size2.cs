namespace Cnn.Graph;

/// <summary>A height and a width in pixels; one number stands for both.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size2(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Rows and columns.</param>
    public static implicit operator Size2(int side) => new(side, side);

    /// <summary>A rectangle, <c>(1, 7)</c>.</summary>
    /// <param name="size">Rows, then columns.</param>
    public static implicit operator Size2((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>A square.</summary>
    /// <param name="side">Rows and columns.</param>
    public static Size2 FromInt32(int side) => side;

    /// <summary>The two numbers, rows first.</summary>
    public int[] ToArray() => [Height, Width];

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}";
}

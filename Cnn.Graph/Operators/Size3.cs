namespace Cnn.Graph;

/// <summary>A depth (or a number of frames), a height and a width; one number stands for all three.</summary>
/// <param name="Depth">Slices.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size3(int Depth, int Height, int Width)
{
    /// <summary>A cube.</summary>
    /// <param name="side">Slices, rows and columns.</param>
    public static implicit operator Size3(int side) => new(side, side, side);

    /// <summary>A box, <c>(3, 7, 7)</c>.</summary>
    /// <param name="size">Slices, then rows, then columns.</param>
    public static implicit operator Size3((int Depth, int Height, int Width) size) => new(size.Depth, size.Height, size.Width);

    /// <summary>A cube.</summary>
    /// <param name="side">Slices, rows and columns.</param>
    public static Size3 FromInt32(int side) => side;

    /// <summary>The three numbers, slices first.</summary>
    public int[] ToArray() => [Depth, Height, Width];

    /// <inheritdoc/>
    public override string ToString() => $"{Depth}x{Height}x{Width}";
}

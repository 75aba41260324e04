namespace Cnn.Graph;

/// <summary>
/// How many pixels are added around a picture before a window slides over it. A plain number pads all four sides by that much;
/// the default adds none ("valid").
/// </summary>
public readonly record struct Padding
{
    private enum Mode
    {
        Explicit,
        SameUpper,
        SameLower,
    }

    private readonly Mode _mode;
    private readonly (int Top, int Left, int Bottom, int Right) _sides;

    private Padding(Mode mode, (int Top, int Left, int Bottom, int Right) sides)
    {
        _mode = mode;
        _sides = sides;
    }

    /// <summary>No padding: the window stays inside the picture.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// As much as gives ceil(size / stride) outputs; where the sum is odd the extra pixel goes to the bottom and right
    /// (TensorFlow's SAME, ONNX's SAME_UPPER).
    /// </summary>
    public static Padding Same => new(Mode.SameUpper, default);

    /// <summary>Like <see cref="Same"/>, with the extra pixel at the top and left (ONNX's SAME_LOWER).</summary>
    public static Padding SameLower => new(Mode.SameLower, default);

    /// <summary>The same on all four sides.</summary>
    /// <param name="pixels">Pixels a side.</param>
    public static implicit operator Padding(int pixels) => new(Mode.Explicit, (pixels, pixels, pixels, pixels));

    /// <summary>The same on all four sides.</summary>
    /// <param name="pixels">Pixels a side.</param>
    public static Padding FromInt32(int pixels) => pixels;

    /// <summary>A number of pixels for each side.</summary>
    /// <param name="top">Rows above.</param>
    /// <param name="left">Columns before.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns after.</param>
    public static Padding Of(int top, int left, int bottom, int right) => new(Mode.Explicit, (top, left, bottom, right));

    /// <summary>The rows and columns before and after, for a window on a picture of a known size.</summary>
    internal (int[] Begin, int[] End) Resolve(long[] size, int[] kernel, int[] stride, int[] dilation)
    {
        if (_mode == Mode.Explicit)
        {
            return ([_sides.Top, _sides.Left], [_sides.Bottom, _sides.Right]);
        }

        int[] begin = new int[2], end = new int[2];
        for (int i = 0; i < 2; i++)
        {
            long outputs = (size[i] + stride[i] - 1) / stride[i];
            long total = Math.Max(((outputs - 1) * stride[i]) + ((kernel[i] - 1) * dilation[i]) + 1 - size[i], 0);
            begin[i] = (int)(_mode == Mode.SameLower ? total - (total / 2) : total / 2);
            end[i] = (int)total - begin[i];
        }

        return (begin, end);
    }
}

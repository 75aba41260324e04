namespace Cnn.Graph;

/// <summary>
/// How many elements are added around a picture (or a signal, or a volume) before a window slides over it. A plain number pads every
/// side by that much, a pair <c>(rows, columns)</c> both sides of each axis; the default adds none ("valid").
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
    private readonly int _everywhere;
    private readonly (int Before, int After)[]? _axes;

    private Padding(Mode mode, int everywhere = 0, (int Before, int After)[]? axes = null)
    {
        _mode = mode;
        _everywhere = everywhere;
        _axes = axes;
    }

    /// <summary>No padding: the window stays inside the picture.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// As much as gives ceil(size / stride) outputs; where the sum is odd the extra pixel goes to the bottom and right
    /// (TensorFlow's SAME, ONNX's SAME_UPPER).
    /// </summary>
    public static Padding Same => new(Mode.SameUpper);

    /// <summary>Like <see cref="Same"/>, with the extra pixel at the top and left (ONNX's SAME_LOWER).</summary>
    public static Padding SameLower => new(Mode.SameLower);

    /// <summary>The same on all sides.</summary>
    /// <param name="pixels">Pixels a side.</param>
    public static implicit operator Padding(int pixels) => new(Mode.Explicit, pixels);

    /// <summary>As many rows above as below, and as many columns before as after: <c>(0, 3)</c> for a kernel of 1x7.</summary>
    /// <param name="sides">Rows, then columns.</param>
    public static implicit operator Padding((int Rows, int Columns) sides) =>
        new(Mode.Explicit, axes: [(sides.Rows, sides.Rows), (sides.Columns, sides.Columns)]);

    /// <summary>The same on all sides.</summary>
    /// <param name="pixels">Pixels a side.</param>
    public static Padding FromInt32(int pixels) => pixels;

    /// <summary>A number of pixels for each side of a picture.</summary>
    /// <param name="top">Rows above.</param>
    /// <param name="left">Columns before.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns after.</param>
    public static Padding Of(int top, int left, int bottom, int right) => PerAxis((top, bottom), (left, right));

    /// <summary>What is added before and behind each spatial axis: one pair for a signal, two for a picture, three for a volume.</summary>
    /// <param name="axes">The pairs, in the order of the axes.</param>
    public static Padding PerAxis(params IEnumerable<(int Before, int After)> axes) => new(Mode.Explicit, axes: [.. axes]);

    /// <inheritdoc/>
    public bool Equals(Padding other) =>
        _mode == other._mode && _everywhere == other._everywhere && (_axes ?? []).SequenceEqual(other._axes ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => (_axes ?? []).Aggregate(HashCode.Combine(_mode, _everywhere), HashCode.Combine);

    /// <summary>Whether it is given in pixels, not by the size that is to come out.</summary>
    internal bool IsExplicit => _mode == Mode.Explicit;

    /// <summary>What is added before and behind each axis, for a window on a picture of a known size.</summary>
    internal (int[] Begin, int[] End) Resolve(long[] size, int[] kernel, int[] stride, int[] dilation)
    {
        if (_mode == Mode.Explicit)
        {
            int everywhere = _everywhere;
            (int Before, int After)[] axes = _axes ?? [.. size.Select(_ => (everywhere, everywhere))];
            return ([.. axes.Select(a => a.Before)], [.. axes.Select(a => a.After)]);
        }

        int[] begin = new int[size.Length], end = new int[size.Length];
        for (int i = 0; i < size.Length; i++)
        {
            long outputs = (size[i] + stride[i] - 1) / stride[i];
            long total = Math.Max(((outputs - 1) * stride[i]) + ((kernel[i] - 1) * dilation[i]) + 1 - size[i], 0);
            begin[i] = (int)(_mode == Mode.SameLower ? total - (total / 2) : total / 2);
            end[i] = (int)total - begin[i];
        }

        return (begin, end);
    }
}

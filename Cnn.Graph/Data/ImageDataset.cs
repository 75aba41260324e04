using System.Globalization;

namespace Cnn.Graph.Data;

/// <summary>
/// Labelled images of one size, held as bytes in channel-first order. Immutable by contract: who hands pixels and labels over does not
/// change them afterwards. Safe to share between threads.
/// </summary>
public sealed class ImageDataset
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<int> _labels;

    /// <summary>Wraps pixels and labels without copying them.</summary>
    /// <param name="name">What to call the set in messages, such as <c>MNIST train</c>.</param>
    /// <param name="channels">Colour channels of an image: 1 for grey, 3 for red, green, blue.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="pixels">The pixels, 0 to 255, as [count, channels, height, width] in row-major order.</param>
    /// <param name="labels">The class of each image, an index into <paramref name="labelNames"/>.</param>
    /// <param name="labelNames">The name of each class.</param>
    /// <exception cref="ArgumentException">The numbers of pixels and labels do not fit each other, or a label names no class.</exception>
    public ImageDataset(
        string name,
        int channels,
        int height,
        int width,
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<int> labels,
        IReadOnlyList<string> labelNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(labelNames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ImageSize = checked(channels * height * width);
        if (pixels.Length != (long)labels.Length * ImageSize)
        {
            throw new ArgumentException(
                $"{name}: {labels.Length} labels need {(long)labels.Length * ImageSize} pixels of {channels}x{height}x{width} images, "
                + $"but {pixels.Length} were given.");
        }

        int wrong = IndexOfWrongLabel(labels.Span, labelNames.Count);
        if (wrong >= 0)
        {
            throw new ArgumentException(
                $"{name}: label {labels.Span[wrong]} of image {wrong} is not below the {labelNames.Count} classes.");
        }

        (Name, Channels, Height, Width, LabelNames) = (name, channels, height, width, [.. labelNames]);
        (_pixels, _labels) = (pixels, labels);
    }

    /// <summary>What to call the set in messages.</summary>
    public string Name { get; }

    /// <summary>The number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Colour channels of an image.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Bytes of an image: channels × height × width.</summary>
    public int ImageSize { get; }

    /// <summary>The name of each class; a label is an index into this list.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount => LabelNames.Count;

    /// <summary>All pixels, as [count, channels, height, width] in row-major order.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>The class of each image.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>The pixels of one image, as [channels, height, width] in row-major order.</summary>
    /// <param name="index">Which image, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _pixels.Span.Slice(index * ImageSize, ImageSize);
    }

    /// <summary>The class of one image.</summary>
    /// <param name="index">Which image, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public int Label(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _labels.Span[index];
    }

    /// <summary>The first images, or all where there are fewer. Nothing is copied.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public ImageDataset Take(int count) => Slice(0, Math.Min(count, Count));

    /// <summary>A run of images. Nothing is copied.</summary>
    /// <param name="start">The first image, from 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The run leaves the set.</exception>
    public ImageDataset Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new ImageDataset(
            Name, Channels, Height, Width, _pixels.Slice(start * ImageSize, count * ImageSize), _labels.Slice(start, count), LabelNames);
    }

    /// <summary>
    /// The same images for a network that tells so many classes apart. Names beyond those needed go; classes without a name are called by
    /// their number.
    /// </summary>
    /// <param name="count">The number of classes.</param>
    /// <exception cref="CnnGraphException">A label is not below <paramref name="count"/>; the message says how many are needed.</exception>
    public ImageDataset WithClasses(int count)
    {
        int needed = 0;
        foreach (int label in Labels)
        {
            needed = Math.Max(needed, label + 1);
        }

        return count >= Math.Max(needed, 1)
            ? new ImageDataset(Name, Channels, Height, Width, _pixels, _labels, NumberedNames(LabelNames, count))
            : throw new CnnGraphException(
                $"{count} classes are too few for '{Name}': its labels go up to {needed - 1}, which takes {needed}.");
    }

    /// <summary>So many names: those that there are, then numbers.</summary>
    internal static IReadOnlyList<string> NumberedNames(IReadOnlyList<string> names, int count) =>
        [.. names.Take(count), .. Enumerable.Range(0, count).Skip(names.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>
    /// The same images in the middle of a larger black field, one pixel further up and left where the margins cannot be equal.
    /// </summary>
    /// <param name="height">Rows of the field.</param>
    /// <param name="width">Columns of the field.</param>
    /// <exception cref="CnnGraphException">
    /// The field is smaller than the images, or so large that they would not fit into memory.
    /// </exception>
    public ImageDataset OnCanvas(int height, int width)
    {
        if (height < Height || width < Width)
        {
            throw new CnnGraphException($"A field of {height}x{width} is too small for '{Name}', whose images have {Height}x{Width} pixels.");
        }

        if ((Int128)Count * Channels * height * width > Array.MaxLength)
        {
            throw new CnnGraphException($"A field of {height}x{width} is too large for '{Name}': its {Count} images would take more than 2 GiB.");
        }

        var pixels = new byte[Count * Channels * height * width];
        int top = (height - Height) / 2, left = (width - Width) / 2;
        for (int row = 0; row < Count * Channels * Height; row++)
        {
            (int map, int line) = (row / Height, row % Height);
            Pixels.Slice(row * Width, Width).CopyTo(pixels.AsSpan((((map * height) + top + line) * width) + left));
        }

        return new ImageDataset(Name, Channels, height, width, pixels, _labels, LabelNames);
    }

    /// <summary>Name, number of images, their shape and the number of classes.</summary>
    public override string ToString() => $"{Name}: {Count} images of {Channels}x{Height}x{Width}, {ClassCount} classes";

    internal static int IndexOfWrongLabel(ReadOnlySpan<int> labels, int classCount)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classCount)
            {
                return i;
            }
        }

        return -1;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using Cnn.Graph.Files;

namespace Cnn.Graph.Data;

/// <summary>
/// An array of bytes in the IDX format of MNIST: a magic number (0, 0, element type, number of dimensions), the dimensions as big-endian
/// 32-bit numbers, then the elements in row-major order. Plain or gzip; only unsigned bytes, the type that image sets use.
/// </summary>
public sealed class IdxFile
{
    private const int UnsignedByte = 0x08;
    private const int MaxRank = 4;

    /// <summary>Wraps elements without copying them.</summary>
    /// <param name="dims">One to four dimensions above 0, outermost first.</param>
    /// <param name="data">The elements, row-major.</param>
    /// <exception cref="ArgumentException">The dimensions are none of these, or do not fit the data.</exception>
    public IdxFile(IReadOnlyList<int> dims, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(dims);
        if (dims.Count is < 1 or > MaxRank || dims.Any(d => d <= 0) || Product(dims) != (UInt128)data.Length)
        {
            throw new ArgumentException($"{data.Length} bytes do not fit the dimensions [{string.Join(", ", dims)}].", nameof(dims));
        }

        (Dims, Data) = ([.. dims], data);
    }

    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Dims { get; }

    /// <summary>The elements, row-major.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Reads a file, plain or gzip.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">The file is missing, of another format, truncated or longer than it says.</exception>
    public static IdxFile Read(string path) => Parse(path, DataFile.Read(path), "an IDX file of unsigned bytes", 1, MaxRank);

    /// <summary>Reads a file of images and the file of their labels, each plain or gzip.</summary>
    /// <param name="imagesPath">Images as [count, height, width] (grey) or [count, channels, height, width].</param>
    /// <param name="labelsPath">Labels as [count].</param>
    /// <param name="name">What to call the set in messages; the image file's name by default.</param>
    /// <param name="labelNames">The name of each class; the digits 0 to 9 by default.</param>
    /// <exception cref="DataFormatException">A file cannot be used, the counts differ, or a label names no class.</exception>
    public static ImageDataset ReadDataset(
        string imagesPath, string labelsPath, string? name = null, IReadOnlyList<string>? labelNames = null) =>
        ParseDataset(imagesPath, DataFile.Read(imagesPath), labelsPath, DataFile.Read(labelsPath), name, labelNames);

    /// <summary>Writes the array; nothing is left behind on failure.</summary>
    /// <param name="path">The file; packed with gzip where the name ends in <c>.gz</c>.</param>
    /// <exception cref="CnnGraphException">The file cannot be written.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                WriteTo(gzip);
            }
            else
            {
                WriteTo(stream);
            }
        });
    }

    private void WriteTo(Stream stream)
    {
        Span<byte> number = stackalloc byte[4];
        foreach (int value in Dims.Prepend(Magic(Dims.Count)))
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            stream.Write(number);
        }

        stream.Write(Data.Span);
    }

    internal static ImageDataset ParseDataset(
        string imagesPath,
        ReadOnlyMemory<byte> imagesContent,
        string labelsPath,
        ReadOnlyMemory<byte> labelsContent,
        string? name,
        IReadOnlyList<string>? labelNames)
    {
        IdxFile images = Parse(imagesPath, imagesContent, "an IDX file of images", 3, 4);
        IdxFile labels = Parse(labelsPath, labelsContent, "an IDX file of labels", 1, 1);
        if (images.Dims[0] != labels.Dims[0])
        {
            throw new DataFormatException(
                $"'{imagesPath}' holds {images.Dims[0]} images but '{labelsPath}' holds {labels.Dims[0]} labels; "
                + "they do not belong together.");
        }

        labelNames ??= Mnist.LabelNames;
        int[] classes = LabelCheck.Widen(labels.Data.Span, labelNames.Count, labelsPath);
        int channels = images.Dims.Count == 4 ? images.Dims[1] : 1;
        return new ImageDataset(
            name ?? Path.GetFileName(imagesPath), channels, images.Dims[^2], images.Dims[^1], images.Data, classes, labelNames);
    }

    private static IdxFile Parse(string path, ReadOnlyMemory<byte> content, string what, int minRank, int maxRank)
    {
        ReadOnlySpan<byte> bytes = content.Span;
        if (bytes.Length < 4)
        {
            throw new DataFormatException($"'{path}' is not {what}: it has {bytes.Length} bytes, too few for a header.");
        }

        int magic = BinaryPrimitives.ReadInt32BigEndian(bytes);
        int rank = magic & 0xFF;
        if (magic != Magic(rank) || rank < minRank || rank > maxRank)
        {
            string range = maxRank - minRank == 1 ? "or" : "to";
            string expected = minRank == maxRank ? $"0x{Magic(minRank):X8}" : $"0x{Magic(minRank):X8} {range} 0x{Magic(maxRank):X8}";
            throw new DataFormatException(
                $"'{path}' is not {what}: its magic number is 0x{magic:X8}, expected {expected}{MagicHint(magic)}.");
        }

        int header = 4 + (4 * rank);
        if (bytes.Length < header)
        {
            throw new DataFormatException($"'{path}' is truncated: its header takes {header} bytes, but the file has {bytes.Length}.");
        }

        uint[] dims = new uint[rank];
        for (int i = 0; i < rank; i++)
        {
            dims[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + (4 * i))..]);
        }

        return new IdxFile(CheckDims(path, dims, header, bytes.Length), content[header..]);
    }

    private static int[] CheckDims(string path, uint[] dims, int header, int actual)
    {
        string shape = string.Join(" x ", dims);
        if (dims.Contains(0u))
        {
            throw new DataFormatException($"'{path}' is empty: its dimensions are {shape}.");
        }

        UInt128 expected = Product(dims) + (UInt128)header;
        if (expected > (UInt128)Array.MaxLength)
        {
            throw new DataFormatException(
                $"'{path}' is damaged or too large: its dimensions {shape} make {expected} bytes, "
                + $"more than the {Array.MaxLength} that can be read.");
        }

        if (expected != (UInt128)actual)
        {
            string fault = expected > (UInt128)actual ? "is truncated" : "has trailing bytes";
            throw new DataFormatException(
                $"'{path}' {fault}: {shape} elements and the header make {expected} bytes, but there are {actual}.");
        }

        return [.. dims.Select(d => (int)d)];
    }

    private static string MagicHint(int magic) => magic switch
    {
        0x00000801 => "; it looks like a file of labels",
        0x00000803 => "; it looks like a file of images",
        _ when magic >>> 16 == 0 && ((magic >> 8) & 0xFF) is > 0x08 and <= 0x0E => "; its elements are not unsigned bytes",
        _ => string.Empty,
    };

    private static int Magic(int rank) => (UnsignedByte << 8) | rank;

    private static UInt128 Product(IEnumerable<int> dims) => Product(dims.Select(d => (uint)d));

    private static UInt128 Product(IEnumerable<uint> dims) => dims.Aggregate(UInt128.One, (product, d) => product * d);
}

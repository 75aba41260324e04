namespace Cnn.Graph.Data;

/// <summary>
/// Reads the binary version of CIFAR-10 and CIFAR-100: records of one label byte (CIFAR-100: a coarse and a fine one) and 3072 bytes of
/// a 32x32 image, the red plane first, then green and blue. There is no header; the file's length tells the two apart.
/// </summary>
public static class CifarFile
{
    private const int ImageSize = 3 * 32 * 32;
    private const int Record10 = 1 + ImageSize;
    private const int Record100 = 2 + ImageSize;

    /// <summary>Reads one file, or several as one set.</summary>
    /// <param name="paths">Files of one kind, in the order in which their images are to stand; plain or gzip.</param>
    /// <param name="name">What to call the set in messages.</param>
    /// <exception cref="DataFormatException">
    /// A file is missing, empty, no whole number of records, holds a label that names no class, or is of another kind than the first.
    /// </exception>
    public static ImageDataset Read(IReadOnlyList<string> paths, string name)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        ReadOnlyMemory<byte>[] contents = [.. paths.Select(DataFile.Read)];
        int record = RecordSize(paths[0], contents[0].Length);
        for (int i = 1; i < contents.Length; i++)
        {
            if (RecordSize(paths[i], contents[i].Length) != record)
            {
                throw new DataFormatException(
                    $"'{paths[i]}' and '{paths[0]}' do not belong together: one is of CIFAR-10, the other of CIFAR-100.");
            }
        }

        long count = contents.Sum(c => (long)c.Length / record);
        if (count * ImageSize > Array.MaxLength)
        {
            throw new DataFormatException($"The {count} images from '{paths[0]}' on are more than can be read at once; name fewer files.");
        }

        return Join(paths, contents, record, (int)count, name);
    }

    private static ImageDataset Join(IReadOnlyList<string> paths, ReadOnlyMemory<byte>[] contents, int record, int count, string name)
    {
        IReadOnlyList<string> labelNames = record == Record10 ? CifarLabels.Cifar10 : CifarLabels.Cifar100;
        byte[] pixels = new byte[count * ImageSize];
        int[] labels = new int[count];
        int sample = 0;
        for (int file = 0; file < contents.Length; file++)
        {
            ReadOnlySpan<byte> rest = contents[file].Span;
            for (int i = 0; !rest.IsEmpty; i++, sample++)
            {
                int labelBytes = record - ImageSize;
                labels[sample] = LabelCheck.Checked(rest[labelBytes - 1], i, labelNames.Count, paths[file]);
                rest[labelBytes..record].CopyTo(pixels.AsSpan(sample * ImageSize));
                rest = rest[record..];
            }
        }

        return new ImageDataset(name, channels: 3, height: 32, width: 32, pixels, labels, labelNames);
    }

    private static int RecordSize(string path, int length)
    {
        bool may10 = length % Record10 == 0;
        bool may100 = length % Record100 == 0;
        if (length == 0 || !(may10 || may100))
        {
            throw new DataFormatException(
                $"'{path}' is no CIFAR file or is truncated: its {length} bytes are no whole number of records "
                + $"of {Record10} bytes (CIFAR-10) or {Record100} bytes (CIFAR-100); "
                + $"{length % Record10} or {length % Record100} bytes are left over.");
        }

        // Both fit only from 3073 x 3074 bytes on; then the names of the original files decide.
        bool is100 = may10 && may100 ? Path.GetFileName(path) is "train.bin" or "test.bin" : may100;
        return is100 ? Record100 : Record10;
    }
}

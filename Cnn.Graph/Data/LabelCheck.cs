namespace Cnn.Graph.Data;

/// <summary>Turns the label bytes of files into class indices.</summary>
internal static class LabelCheck
{
    /// <summary>Widens label bytes after checking that each names a class.</summary>
    /// <exception cref="DataFormatException">A label is not below <paramref name="classCount"/>.</exception>
    public static int[] Widen(ReadOnlySpan<byte> labels, int classCount, string path)
    {
        int[] classes = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            classes[i] = Checked(labels[i], i, classCount, path);
        }

        return classes;
    }

    /// <summary>A label, if it names a class.</summary>
    /// <exception cref="DataFormatException">It is not below <paramref name="classCount"/>.</exception>
    public static int Checked(byte label, int index, int classCount, string path) => label < classCount
        ? label
        : throw new DataFormatException($"'{path}': label {label} at index {index} is not below the number of classes, {classCount}.");
}

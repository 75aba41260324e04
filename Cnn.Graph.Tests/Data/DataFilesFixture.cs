using Cnn.Graph.Data;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Data;

/// <summary>A folder of its own for each test, gone afterwards, with short ways to put data files into it.</summary>
public abstract class DataFilesFixture
{
    protected string Folder { get; private set; } = string.Empty;

    [SetUp]
    public void CreateFolder() => Folder = Directory.CreateTempSubdirectory("cnn-graph-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string InFolder(string name) => Path.Combine(Folder, name);

    protected string WriteBytes(string name, params byte[] bytes)
    {
        File.WriteAllBytes(InFolder(name), bytes);
        return InFolder(name);
    }

    /// <summary>Grey 2x3 images whose pixels count up from 0.</summary>
    protected string WriteImages(string name, int count)
    {
        new IdxFile([count, 2, 3], Enumerable.Range(0, count * 6).Select(i => (byte)i).ToArray()).Write(InFolder(name));
        return InFolder(name);
    }

    protected string WriteLabels(string name, params byte[] labels)
    {
        new IdxFile([labels.Length], labels).Write(InFolder(name));
        return InFolder(name);
    }

    /// <summary>CIFAR records with these label bytes; the planes of image i are filled with i, i + 1 and i + 2.</summary>
    protected string WriteCifar(string name, params byte[][] labels)
    {
        byte[][] records = [.. labels.Select((label, i) =>
            (byte[])[.. label, .. Enumerable.Range(0, 3072).Select(p => (byte)(i + (p / 1024)))])];
        return WriteBytes(name, [.. records.SelectMany(r => r)]);
    }
}

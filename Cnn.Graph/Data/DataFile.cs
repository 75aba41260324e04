using System.IO.Compression;

namespace Cnn.Graph.Data;

/// <summary>Reads whole data files, packed with gzip or not.</summary>
internal static class DataFile
{
    /// <summary>The content of a file, unpacked where it begins like a gzip file, whatever its name.</summary>
    /// <exception cref="DataFormatException">The file is missing, is a folder, cannot be read or is not sound gzip.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataFormatException($"'{path}' is a folder where a file is expected.");
        }

        try
        {
            byte[] content = File.ReadAllBytes(path);
            return content is [0x1F, 0x8B, ..] ? Unpack(content) : content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException($"'{path}' does not exist.", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException($"'{path}' begins like a gzip file but cannot be unpacked; it is damaged or truncated.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var content = new MemoryStream(packed.Length);
        gzip.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}

using System.Buffers.Binary;
using Cnn.Graph.Files;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Interop;

/// <summary>
/// Named tensors and text entries in the safetensors format, which PyTorch users exchange weights in. Immutable. The same content always
/// gives the same bytes.
/// </summary>
public sealed class SafeTensorsFile
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    private const int MaxHeader = 100_000_000;

    /// <summary>Gathers the content of a file.</summary>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Text entries by key; none if null.</param>
    /// <exception cref="ArgumentException">A tensor is named <c>__metadata__</c>, which the format keeps for the text entries.</exception>
    public SafeTensorsFile(IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.ContainsKey(SafeTensorsHeader.MetadataKey))
        {
            throw new ArgumentException(
                $"A tensor cannot be named '{SafeTensorsHeader.MetadataKey}': the format keeps that name for the text entries.");
        }

        Tensors = tensors.ToDictionary();
        Metadata = metadata?.ToDictionary() ?? [];
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorData> Tensors { get; }

    /// <summary>The text entries by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CnnGraphException">
    /// The file is not there, is damaged, or holds elements of a type that <see cref="ElementType"/> lacks.
    /// </exception>
    public static SafeTensorsFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new CnnGraphException($"'{path}' is a folder, not a safetensors file. Name a file in it.");
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (FormatException e)
        {
            throw new CnnGraphException($"'{path}' is not a sound safetensors file: {e.Message}.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CnnGraphException($"'{path}' cannot be read: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CnnGraphException($"'{path}' cannot be read: permission is denied.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new CnnGraphException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a file, which appears complete or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="CnnGraphException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new CnnGraphException($"'{path}' cannot be written: it is a folder. Name a file in it.");
        }

        // Wide elements first: as the header's length is a multiple of 8, every tensor is then aligned to its element size.
        var ordered = Tensors
            .OrderByDescending(entry => entry.Value.Type.SizeInBytes())
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .ToList();
        byte[] header = SafeTensorsHeader.Format(ordered, Metadata);
        if (header.Length > MaxHeader)
        {
            throw new CnnGraphException(
                $"'{path}' cannot be written: its header would take {header.Length} bytes, and the format allows {MaxHeader}.");
        }

        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach ((_, TensorData tensor) in ordered)
            {
                stream.Write(tensor.Bytes);
            }
        });
    }

    private static SafeTensorsFile Read(FileStream stream)
    {
        if (stream.Length < sizeof(ulong))
        {
            throw new FormatException(stream.Length == 0 ? "it is empty" : $"it has only {stream.Length} bytes");
        }

        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (headerLength > MaxHeader)
        {
            throw new FormatException($"its header would take {headerLength} bytes, and the format allows {MaxHeader}");
        }

        long start = sizeof(ulong) + (long)headerLength;
        if (start > stream.Length)
        {
            throw new FormatException($"its header takes {headerLength} bytes, but only {stream.Length - sizeof(ulong)} follow");
        }

        byte[] headerBytes = new byte[headerLength];
        stream.ReadExactly(headerBytes);
        SafeTensorsHeader header = SafeTensorsHeader.Parse(headerBytes, stream.Length - start);
        var tensors = new Dictionary<string, TensorData>();
        foreach (SafeTensorsEntry entry in header.Entries)
        {
            byte[] bytes = new byte[entry.End - entry.Begin];
            stream.Position = start + entry.Begin;
            stream.ReadExactly(bytes);
            tensors.Add(entry.Name, new TensorData(entry.Type, entry.Shape, bytes));
        }

        return new SafeTensorsFile(tensors, header.Metadata);
    }
}

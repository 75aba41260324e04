using System.Globalization;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>Where the elements of a tensor lie when they are not in the model file.</summary>
/// <param name="Location">A path relative to the model's folder.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes, if the model tells it.</param>
internal sealed record ExternalData(string Location, long Offset, long? Length)
{
    /// <summary>Offsets are multiples of a memory page, so that a reader can map the file.</summary>
    private const long PageSize = 4096;

    /// <summary>Windows maps files at multiples of this; too coarse to spend on small tensors.</summary>
    private const long AllocationGranularity = 65536;

    private const long LargeTensor = 1 << 20;

    /// <summary>Whether the elements of a tensor lie outside the model file.</summary>
    public static bool IsUsedBy(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>The first offset from <paramref name="position"/> on that suits a tensor of <paramref name="bytes"/> bytes.</summary>
    public static long Align(long position, long bytes)
    {
        long alignment = bytes >= LargeTensor ? AllocationGranularity : PageSize;
        return (position + alignment - 1) / alignment * alignment;
    }

    /// <summary>Reads the reference of a tensor.</summary>
    /// <param name="tensor">A tensor whose elements lie outside.</param>
    /// <param name="fault">What is wrong with the reference.</param>
    /// <returns>The reference, or null if it cannot be read.</returns>
    public static ExternalData? Of(TensorProto tensor, out string? fault)
    {
        string location = string.Empty;
        long offset = 0;
        long? length = null;
        fault = null;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset" or "length" when !long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    fault = $"the {entry.Key} '{entry.Value}' of its external data is not a number of bytes";
                    return null;
                case "offset":
                    offset = long.Parse(entry.Value, CultureInfo.InvariantCulture);
                    break;
                case "length":
                    length = long.Parse(entry.Value, CultureInfo.InvariantCulture);
                    break;
            }
        }

        if (location.Length == 0)
        {
            fault = "its data is external, but no location is given";
            return null;
        }

        return new ExternalData(location, offset, length);
    }

    /// <summary>Makes a tensor refer to this place instead of holding its elements.</summary>
    public void Assign(TensorProto tensor)
    {
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Clear();
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = Offset.ToString(CultureInfo.InvariantCulture) });
        if (Length is { } length)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) });
        }
    }

    /// <summary>What is wrong with the file that is referred to.</summary>
    /// <param name="folder">The model's folder; null when the model did not come from a file.</param>
    /// <param name="expected">The bytes that the tensor's dimensions take.</param>
    /// <returns>The fault, or null if the elements can be read.</returns>
    public string? FaultIn(string? folder, long expected)
    {
        if (folder is null)
        {
            return $"its data is in the file '{Location}', which cannot be found without the model's folder; load the model from its file";
        }

        if (ContainedPath.Resolve(folder, Location, out string? refusal) is not { } path)
        {
            return $"the location '{Location}' of its external data {refusal}";
        }

        if (Length is { } length && length != expected)
        {
            return $"its external data has {length} bytes, but its dimensions take {expected}";
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return $"the file '{Location}' with its external data does not exist in the model's folder";
        }

        long size = new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length;
        return Offset > size || expected > size - Offset
            ? $"its external data, {expected} bytes from {Offset} on, reaches past the end of '{Location}', which has {size} bytes"
            : null;
    }

    /// <summary>Reads the elements.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="expected">The bytes that the tensor's dimensions take.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public byte[] Read(string folder, int expected)
    {
        byte[] bytes = new byte[expected];
        if (expected > 0)
        {
            using FileStream stream = File.OpenRead(Path.Combine(folder, Location));
            stream.Position = Offset;
            stream.ReadExactly(bytes);
        }

        return bytes;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// A table of a FlatBuffer that is being read. Nothing in the file is trusted: whatever is followed is checked to lie within it.
/// </summary>
internal readonly struct FlatTable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _table;
    private readonly int _list;
    private readonly int _listSize;
    private readonly int _size;

    private FlatTable(ReadOnlyMemory<byte> file, int table)
    {
        (_file, _table) = (file, table);
        Require(table, 4);
        long list = (long)table - BinaryPrimitives.ReadInt32LittleEndian(file.Span[table..]);
        Require(list, 4);
        _list = (int)list;
        _listSize = BinaryPrimitives.ReadUInt16LittleEndian(file.Span[_list..]);
        _size = BinaryPrimitives.ReadUInt16LittleEndian(file.Span[(_list + 2)..]);
        if (_listSize < 4 || _size < 4)
        {
            throw new FormatException($"its table at byte {table} has no room for itself");
        }

        Require(list, _listSize);
        Require(table, _size);
    }

    /// <summary>The root of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="identifier">The four characters that tell its kind.</param>
    /// <exception cref="FormatException">
    /// The file is something else, or against the format; the message is the end of a sentence.
    /// </exception>
    public static FlatTable Root(ReadOnlyMemory<byte> file, string identifier)
    {
        if (file.Length < 8 || !file.Span.Slice(4, 4).SequenceEqual(Encoding.ASCII.GetBytes(identifier)))
        {
            throw new FormatException($"it does not begin with '{identifier}'");
        }

        return new FlatTable(file, Follow(file, 0));
    }

    public bool GetBool(int slot) => Find(slot, 1) is { } at && _file.Span[at] != 0;

    public int GetInt32(int slot) => Find(slot, 4) is { } at ? BinaryPrimitives.ReadInt32LittleEndian(_file.Span[at..]) : 0;

    public float GetFloat(int slot) => BitConverter.Int32BitsToSingle(GetInt32(slot));

    public long GetInt64(int slot, long absent = 0) =>
        Find(slot, 8) is { } at ? BinaryPrimitives.ReadInt64LittleEndian(_file.Span[at..]) : absent;

    public FlatTable? GetTable(int slot) => Find(slot, 4) is { } at ? new FlatTable(_file, Follow(_file, at)) : null;

    /// <summary>Text; empty where there is none.</summary>
    public string GetText(int slot)
    {
        (ReadOnlyMemory<byte> text, int start) = GetVector(slot, 1);
        if (start > 0)
        {
            // A zero ends it, which is not counted.
            Require((long)start + text.Length, 1);
        }

        try
        {
            return Utf8.GetString(text.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("a name in it is not UTF-8", e);
        }
    }

    /// <summary>Bytes, not copied; none where there is no such vector.</summary>
    public ReadOnlyMemory<byte> GetBytes(int slot) => GetVector(slot, 1).Elements;

    public long[] GetInt64s(int slot)
    {
        (ReadOnlyMemory<byte> elements, _) = GetVector(slot, 8);
        return [.. Enumerable.Range(0, elements.Length / 8).Select(i => BinaryPrimitives.ReadInt64LittleEndian(elements.Span[(8 * i)..]))];
    }

    public IEnumerable<FlatTable> GetTables(int slot)
    {
        (ReadOnlyMemory<byte> elements, int start) = GetVector(slot, 4);
        for (int i = 0; i < elements.Length; i += 4)
        {
            yield return new FlatTable(_file, Follow(_file, start + i));
        }
    }

    private (ReadOnlyMemory<byte> Elements, int Start) GetVector(int slot, int size)
    {
        if (Find(slot, 4) is not { } at)
        {
            return (ReadOnlyMemory<byte>.Empty, 0);
        }

        int start = Follow(_file, at);
        long bytes = (long)BinaryPrimitives.ReadUInt32LittleEndian(_file.Span[start..]) * size;
        Require(start + 4L, bytes);
        return (_file.Slice(start + 4, (int)bytes), start + 4);
    }

    /// <summary>Where a field stands in the file, or null where the table does not have it.</summary>
    private int? Find(int slot, int size)
    {
        int entry = 4 + (2 * slot);
        int place = entry + 2 <= _listSize ? BinaryPrimitives.ReadUInt16LittleEndian(_file.Span[(_list + entry)..]) : 0;
        if (place != 0 && (place < 4 || place + size > _size))
        {
            throw new FormatException($"its table at byte {_table} has a field outside itself");
        }

        return place == 0 ? null : _table + place;
    }

    private static int Follow(ReadOnlyMemory<byte> file, int at)
    {
        long target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(file.Span[at..]);
        return target > at && target <= file.Length - 4
            ? (int)target
            : throw new FormatException($"the offset at byte {at} leads to byte {target} of {file.Length}");
    }

    private void Require(long start, long bytes)
    {
        if (start < 0 || start + bytes > _file.Length)
        {
            throw new FormatException($"it ends before {bytes} bytes at byte {start} do, at {_file.Length}");
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// Writes FlatBuffers from front to back: whatever holds something else comes before it. Offsets are counted from where they stand, so each
/// is filled in when its target is written.
/// </summary>
internal sealed class FlatBufferWriter
{
    private const int Alignment = 8; // as wide as the widest element
    private readonly MemoryStream _stream;

    private FlatBufferWriter(MemoryStream stream) => _stream = stream;

    /// <summary>A field of a table: a number that stands in it, or an offset to what is written behind it.</summary>
    public readonly record struct Field(int Size, long Number, Func<FlatBufferWriter, int>? Target)
    {
        public static Field Bool(bool value) => new(1, value ? 1 : 0, null);

        public static Field Int32(int value) => new(4, value, null);

        public static Field Int64(long value) => new(8, value, null);

        public static Field Float(float value) => new(4, BitConverter.SingleToInt32Bits(value), null);

        public static Field Text(string value) => new(4, 0, w => w.Bytes([.. Encoding.UTF8.GetBytes(value), 0], 1));

        public static Field Bytes(ReadOnlyMemory<byte> value) => new(4, 0, w => w.Bytes(value.Span, 0));

        public static Field Int64s(IReadOnlyList<long> values) => new(4, 0, w => w.Numbers(values));

        public static Field Table(params Field?[] slots) => new(4, 0, w => w.Table(slots));

        public static Field Tables(IEnumerable<Field> tables) => new(4, 0, w => w.Vector([.. tables]));
    }

    /// <summary>A whole buffer.</summary>
    /// <param name="root">The table at its root.</param>
    /// <param name="identifier">Four characters that tell the file's kind.</param>
    public static MemoryStream Write(Field root, string identifier)
    {
        var stream = new MemoryStream();
        var writer = new FlatBufferWriter(stream);
        writer.Reserve(4);
        stream.Write(Encoding.ASCII.GetBytes(identifier));
        writer.Put(0, 4, root.Target!(writer));
        return stream;
    }

    private int Position => (int)_stream.Position;

    /// <summary>A table behind its list of fields, which says where in the table each lies.</summary>
    private int Table(Field?[] slots)
    {
        int listSize = 4 + (2 * slots.Length), end = 4;
        var places = new int[slots.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is { } field)
            {
                places[i] = Align(end, field.Size);
                end = places[i] + field.Size;
            }
        }

        Reserve(Align(Position + listSize, Alignment) - listSize - Position);
        int list = Position, table = list + listSize;
        Reserve(listSize + end);
        Put(list, 2, listSize);
        Put(list + 2, 2, end);
        Put(table, 4, listSize);
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is { } field)
            {
                Put(list + 4 + (2 * i), 2, places[i]);
                Put(table + places[i], field.Size, field.Target is null ? field.Number : field.Target(this) - table - places[i]);
            }
        }

        return table;
    }

    private int Vector(Field[] items)
    {
        int start = Begin(items.Length);
        Reserve(4 * items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            int place = start + 4 + (4 * i);
            Put(place, 4, items[i].Target!(this) - place);
        }

        return start;
    }

    private int Bytes(ReadOnlySpan<byte> bytes, int uncounted)
    {
        int start = Begin(bytes.Length - uncounted);
        _stream.Write(bytes);
        return start;
    }

    private int Numbers(IReadOnlyList<long> numbers)
    {
        int start = Begin(numbers.Count);
        Reserve(8 * numbers.Count);
        for (int i = 0; i < numbers.Count; i++)
        {
            Put(start + 4 + (8 * i), 8, numbers[i]);
        }

        return start;
    }

    /// <summary>The length of a vector, placed so that the elements behind it are aligned.</summary>
    private int Begin(int count)
    {
        Reserve(Align(Position + 4, Alignment) - 4 - Position);
        int start = Position;
        Reserve(4);
        Put(start, 4, count);
        return start;
    }

    private void Reserve(int bytes) => _stream.Write(new byte[bytes]);

    private void Put(int position, int size, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        long end = _stream.Position;
        _stream.Position = position;
        _stream.Write(bytes[..size]);
        _stream.Position = end;
    }

    private static int Align(int position, int size) => (position + size - 1) / size * size;
}

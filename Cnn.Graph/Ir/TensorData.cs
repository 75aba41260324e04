using System.Runtime.InteropServices;

namespace Cnn.Graph.Ir;

/// <summary>
/// The numbers of a tensor in host memory: element type, dimensions and little-endian bytes in row-major order. Immutable by contract:
/// who hands bytes over does not change them afterwards.
/// </summary>
public sealed class TensorData
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Wraps bytes without copying them.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="dims">The dimensions, outermost first; empty for a scalar.</param>
    /// <param name="bytes">Little-endian elements, row-major.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="bytes"/> does not fit the dimensions.</exception>
    public TensorData(ElementType type, IReadOnlyList<long> dims, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(dims);
        Type = type;
        Dims = [.. dims];
        Count = CountOf(Dims);
        long expected = checked(Count * type.SizeInBytes());
        if (bytes.Length != expected)
        {
            throw new ArgumentException($"A {type} tensor of [{string.Join(", ", Dims)}] takes {expected} bytes, but {bytes.Length} were given.");
        }

        _bytes = bytes;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Dims { get; }

    /// <summary>The number of elements; 1 for a scalar.</summary>
    public long Count { get; }

    /// <summary>The little-endian bytes, row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The little-endian bytes, row-major, as memory.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Copies numbers into a new tensor.</summary>
    /// <typeparam name="T">The .NET type of the elements, see <see cref="ElementTypes.Of{T}"/>.</typeparam>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dims">The dimensions; none for a scalar.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the dimensions.</exception>
    public static TensorData Of<T>(ReadOnlySpan<T> values, params IReadOnlyList<long> dims)
        where T : unmanaged => new(ElementTypes.Of<T>(), dims, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor without dimensions.</summary>
    /// <typeparam name="T">The .NET type of the element.</typeparam>
    /// <param name="value">The element.</param>
    public static TensorData Scalar<T>(T value)
        where T : unmanaged => Of([value], []);

    /// <summary>A one-dimensional tensor.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="values">The elements.</param>
    public static TensorData Vector<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => Of(values, values.Length);

    /// <summary>The elements, without a copy.</summary>
    /// <typeparam name="T">The .NET type that <see cref="Type"/> stands for.</typeparam>
    /// <exception cref="InvalidOperationException">The tensor holds elements of another type.</exception>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged
    {
        if (ElementTypes.Of<T>() != Type)
        {
            throw new InvalidOperationException($"The tensor holds {Type} elements, not {ElementTypes.Of<T>()}.");
        }

        return MemoryMarshal.Cast<byte, T>(_bytes.Span);
    }

    /// <summary>The number of elements that dimensions span.</summary>
    /// <param name="dims">Dimensions that are all known.</param>
    /// <exception cref="ArgumentException">A dimension is negative.</exception>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public static long CountOf(IReadOnlyList<long> dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        long count = 1;
        foreach (long dim in dims)
        {
            if (dim < 0)
            {
                throw new ArgumentException($"A tensor cannot have the dimension {dim}.");
            }

            count = checked(count * dim);
        }

        return count;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}[{string.Join(", ", Dims)}]";
}

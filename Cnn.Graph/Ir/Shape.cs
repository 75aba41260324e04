using System.Collections;

namespace Cnn.Graph.Ir;

/// <summary>The dimensions of a tensor, outermost first. Immutable; equal when all dimensions are.</summary>
public sealed class Shape : IReadOnlyList<Dimension>, IEquatable<Shape>
{
    private readonly Dimension[] _dims;

    /// <summary>Creates a shape.</summary>
    /// <param name="dims">The dimensions, outermost first; none for a scalar.</param>
    public Shape(params IEnumerable<Dimension> dims) => _dims = [.. dims];

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dims.Length;

    int IReadOnlyCollection<Dimension>.Count => _dims.Length;

    /// <summary>Whether every dimension has a known size.</summary>
    public bool IsStatic => _dims.All(d => d.IsKnown);

    /// <summary>A dimension; negative indices count from the end.</summary>
    /// <param name="axis">From −<see cref="Rank"/> to <see cref="Rank"/> − 1.</param>
    public Dimension this[int axis] => _dims[axis < 0 ? axis + _dims.Length : axis];

    /// <summary>A shape of known sizes.</summary>
    /// <param name="sizes">The sizes, outermost first.</param>
    public static Shape Of(params IEnumerable<long> sizes) => new(sizes.Select(s => (Dimension)s));

    /// <summary>The sizes of a static shape.</summary>
    /// <exception cref="InvalidOperationException">A dimension is still a symbol.</exception>
    public long[] Sizes() => IsStatic
        ? [.. _dims.Select(d => d.Size)]
        : throw new InvalidOperationException($"The shape {this} has a dimension that is not bound yet.");

    /// <summary>The number of elements, counting every symbol as 1: for the batch dimension, the elements of one sample.</summary>
    public long CountPerSample() => _dims.Aggregate(1L, (n, d) => d.IsKnown ? checked(n * d.Size) : n);

    /// <summary>This shape with one dimension replaced.</summary>
    /// <param name="axis">Which; negative indices count from the end.</param>
    /// <param name="dimension">The new dimension.</param>
    public Shape With(int axis, Dimension dimension)
    {
        var dims = (Dimension[])_dims.Clone();
        dims[axis < 0 ? axis + dims.Length : axis] = dimension;
        return new Shape(dims);
    }

    /// <summary>This shape with every dimension called <paramref name="symbol"/> set to <paramref name="size"/>.</summary>
    /// <param name="symbol">The symbol to bind.</param>
    /// <param name="size">Its size.</param>
    public Shape Bind(string symbol, long size) => new(_dims.Select(d => d.Symbol == symbol ? size : d));

    /// <summary>
    /// The shape of an elementwise result of two operands under ONNX's (NumPy's) broadcasting rules, or null where they do not fit.
    /// </summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    public static Shape? Broadcast(Shape a, Shape b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var dims = new Dimension[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= dims.Length; i++)
        {
            Dimension x = i <= a.Rank ? a[^i] : 1, y = i <= b.Rank ? b[^i] : 1;
            if (x != y && x != 1L && y != 1L)
            {
                return null;
            }

            dims[^i] = x == 1L ? y : x;
        }

        return new Shape(dims);
    }

    /// <summary>A dimension counted from the end or the start.</summary>
    /// <param name="axis">The index.</param>
    public Dimension this[Index axis] => _dims[axis];

    /// <inheritdoc/>
    public IEnumerator<Dimension> GetEnumerator() => ((IEnumerable<Dimension>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (Dimension d in _dims)
        {
            hash.Add(d);
        }

        return hash.ToHashCode();
    }

    /// <summary>For example <c>[N, 6, 28, 28]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _dims)}]";
}

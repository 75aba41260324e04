using System.Runtime.InteropServices;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Interop;

/// <summary>A tensor of a file, and how the file's own layers use it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Dims">The dimensions.</param>
/// <param name="Read">Gives its numbers.</param>
internal sealed record StoredTensor(string Name, ElementType Type, IReadOnlyList<long> Dims, Func<TensorData> Read)
{
    /// <summary>Whether it is a matrix that its layer takes as [features, units].</summary>
    public bool IsTransposed { get; init; }

    /// <summary>What its layer adds to every element, as a normalisation adds epsilon to variances; null where nothing is known.</summary>
    public float? Epsilon { get; init; }

    /// <summary>The dimensions once transposed.</summary>
    public IReadOnlyList<long> Shape => IsTransposed ? [.. Dims.Reverse()] : Dims;

    /// <summary>What must be done to it for a variable of a shape.</summary>
    /// <param name="shape">The variable's dimensions.</param>
    /// <param name="epsilon">What the variable's layer adds to every element.</param>
    /// <returns>Null if the tensor does not fit.</returns>
    public WeightChange? ChangeFor(IReadOnlyList<long> shape, float? epsilon)
    {
        // Dimensions may differ in number only, and never in the first: that is how dense layers and convolutions spell the same weights.
        bool isSame = Shape.SequenceEqual(shape);
        if (Type is not (ElementType.Float or ElementType.Float16 or ElementType.Double)
            || (!isSame && (Shape.Count == shape.Count || !Shape.Take(1).SequenceEqual(shape.Take(1))
                || TensorData.CountOf([.. Shape]) != TensorData.CountOf([.. shape]))))
        {
            return null;
        }

        return (IsTransposed ? WeightChange.Transposed : 0) | (isSame ? 0 : WeightChange.Reshaped)
            | (Type == ElementType.Float ? 0 : WeightChange.Converted)
            | (Epsilon is { } theirs && epsilon is { } ours && theirs != ours ? WeightChange.Adjusted : 0);
    }

    /// <summary>Its numbers as a variable takes them.</summary>
    /// <param name="shape">The variable's dimensions.</param>
    /// <param name="change">See <see cref="ChangeFor"/>.</param>
    /// <param name="epsilon">What the variable's layer adds to every element.</param>
    public TensorData As(IReadOnlyList<long> shape, WeightChange change, float? epsilon)
    {
        TensorData data = Read();
        if (change == WeightChange.None)
        {
            return data;
        }

        float[] numbers = Floats(data);
        if (change.HasFlag(WeightChange.Transposed))
        {
            numbers = Transpose(numbers, checked((int)Dims[0]), checked((int)Dims[1]));
        }

        if (change.HasFlag(WeightChange.Adjusted))
        {
            float more = Epsilon!.Value - epsilon!.Value;
            numbers = [.. numbers.Select(n => n + more)];
        }

        return TensorData.Of<float>(numbers, [.. shape]);
    }

    private static float[] Floats(TensorData data) => data.Type switch
    {
        ElementType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(data.Bytes).ToArray().Select(h => (float)h)],
        ElementType.Double => [.. data.Span<double>().ToArray().Select(d => (float)d)],
        _ => data.Span<float>().ToArray(),
    };

    private static float[] Transpose(float[] from, int rows, int columns)
    {
        var to = new float[from.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                to[(c * rows) + r] = from[(r * columns) + c];
            }
        }

        return to;
    }
}

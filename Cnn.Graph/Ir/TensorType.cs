namespace Cnn.Graph.Ir;

/// <summary>What is known of a value before anything runs: its element type and shape.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="Shape">Its dimensions.</param>
public sealed record TensorType(ElementType Element, Shape Shape)
{
    /// <summary>The type of a value that an earlier fault of the graph hides; whatever uses it stays unchecked.</summary>
    public static TensorType Unknown { get; } = new(ElementType.Unknown, Shape.Scalar);

    /// <summary>Whether an earlier fault hides the type.</summary>
    public bool IsUnknown => Element == ElementType.Unknown;

    /// <summary>A tensor of 32-bit floats.</summary>
    /// <param name="dims">The dimensions, outermost first.</param>
    public static TensorType Float(params IEnumerable<Dimension> dims) => new(ElementType.Float, new Shape(dims));

    /// <inheritdoc/>
    public override string ToString() => IsUnknown ? "unknown" : $"{Element}{Shape}";
}

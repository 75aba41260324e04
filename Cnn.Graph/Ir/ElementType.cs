namespace Cnn.Graph.Ir;

/// <summary>The type of a tensor's elements. The numbers are those of ONNX's <c>TensorProto.DataType</c>.</summary>
public enum ElementType
{
    /// <summary>Not known, because an earlier fault of the graph hides it.</summary>
    Unknown = 0,

    /// <summary>32-bit IEEE float, the type of images, parameters and losses.</summary>
    Float = 1,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 6,

    /// <summary>64-bit signed integer, the type of class labels and of shapes.</summary>
    Int64 = 7,

    /// <summary>Truth value, one byte.</summary>
    Bool = 9,

    /// <summary>16-bit IEEE float.</summary>
    Float16 = 10,

    /// <summary>64-bit IEEE float.</summary>
    Double = 11,
}

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>Bytes that one element takes.</summary>
    /// <param name="type">A known element type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is unknown.</exception>
    public static int SizeInBytes(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.UInt8 => 1,
        ElementType.Float16 => 2,
        ElementType.Float or ElementType.Int32 => 4,
        ElementType.Double or ElementType.Int64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The element type has no size."),
    };

    /// <summary>Whether gradients flow through tensors of this type.</summary>
    /// <param name="type">Any element type.</param>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float or ElementType.Double or ElementType.Float16;

    /// <summary>The element type that a .NET type stands for.</summary>
    /// <typeparam name="T">float, double, <see cref="Half"/>, int, long, byte or bool.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is none of these.</exception>
    public static ElementType Of<T>()
        where T : unmanaged => default(T) switch
        {
            float => ElementType.Float,
            double => ElementType.Double,
            Half => ElementType.Float16,
            int => ElementType.Int32,
            long => ElementType.Int64,
            byte => ElementType.UInt8,
            bool => ElementType.Bool,
            _ => throw new ArgumentException($"No tensor element type stands for {typeof(T).Name}; use float, double, Half, int, long, byte or bool."),
        };
}

using System.Text;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Values that are part of the graph.</summary>
internal static class Constants
{
    /// <summary>A number without dimensions, in a floating-point type.</summary>
    public static Constant Scalar(double number, ElementType type = ElementType.Float) => Of(type switch
    {
        ElementType.Double => TensorData.Scalar(number),
        ElementType.Float16 => TensorData.Scalar((Half)number),
        _ => TensorData.Scalar((float)number),
    });

    public static Constant Vector(params ReadOnlySpan<long> numbers) => Of(TensorData.Vector(numbers));

    /// <summary>A tensor of floats, converted to <paramref name="type"/>.</summary>
    public static Constant Floats(ReadOnlySpan<float> numbers, IReadOnlyList<long> dims, ElementType type = ElementType.Float)
    {
        if (type == ElementType.Float)
        {
            return Of(TensorData.Of(numbers, dims));
        }

        var wide = new double[numbers.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = numbers[i];
        }

        return Of(TensorData.Of<double>(wide, dims));
    }

    /// <summary>The same number everywhere.</summary>
    public static Constant Filled(float number, Shape shape, ElementType type = ElementType.Float) =>
        Floats([.. Enumerable.Repeat(number, (int)shape.CountPerSample())], shape.Sizes(), type);

    public static Constant Of(TensorData data) => new(Label.For("constant"), data);
}

/// <summary>Operators' names as layers' names.</summary>
internal static class OperatorNames
{
    /// <summary><c>MaxPool</c> → <c>max_pool</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}

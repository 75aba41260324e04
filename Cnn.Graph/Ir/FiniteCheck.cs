using System.Runtime.InteropServices;

namespace Cnn.Graph.Ir;

/// <summary>Finds numbers that no layer can compute with: NaN and the infinities.</summary>
internal static class FiniteCheck
{
    /// <summary>How many numbers of a tensor are NaN or infinite.</summary>
    public static long CountNotFinite(this TensorData data) => data.Type switch
    {
        ElementType.Float => Count(data.Span<float>(), float.IsFinite),
        ElementType.Double => Count(data.Span<double>(), double.IsFinite),
        ElementType.Float16 => Count(MemoryMarshal.Cast<byte, Half>(data.Bytes), Half.IsFinite),
        _ => 0,
    };

    /// <summary>Says of every tensor that has such numbers how many they are: <c>c1/weight (3 of 150 numbers)</c>.</summary>
    public static IEnumerable<string> NotFinite(IEnumerable<(string Name, TensorData Data)> tensors) =>
        from tensor in tensors
        let count = tensor.Data.CountNotFinite()
        where count > 0
        select $"{tensor.Name} ({count} of {tensor.Data.Count} numbers)";

    private static long Count<T>(ReadOnlySpan<T> numbers, Func<T, bool> isFinite)
    {
        long count = 0;
        foreach (T number in numbers)
        {
            count += isFinite(number) ? 0 : 1;
        }

        return count;
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph.Tests.Support;

/// <summary>Inputs and numbers for small graphs. The same name always draws the same numbers.</summary>
internal static class Tensors
{
    public static Input Input(string name, params int[] dims) => new(Label.Fixed(name), TensorType.Float(dims.Select(d => (Dimension)(long)d)));

    /// <summary>An input whose first axis is the batch, which is not bound.</summary>
    public static Input BatchInput(string name, params int[] sample) =>
        new(Label.Fixed(name), TensorType.Float([Dimension.Symbolic(Network.BatchSymbol), .. sample.Select(d => (Dimension)(long)d)]));

    public static TensorData Of(IEnumerable<long> dims, params float[] numbers) => TensorData.Of<float>(numbers, [.. dims]);

    public static TensorData Of(Value like, params float[] numbers) => Of(like.Shape.Sizes(), numbers);

    /// <summary>Uniform numbers that are multiples of 2⁻¹⁰, so that adding steps to them is exact in float.</summary>
    public static TensorData Uniform(string name, IEnumerable<long> dims, float low = -1, float high = 1)
    {
        var numbers = New(dims, out long[] sizes);
        new CounterRandom(1, name).FillUniform(numbers, low, high);
        return Of(sizes, [.. numbers.Select(x => MathF.Round(x * 1024) / 1024)]);
    }

    /// <summary>Distinct numbers in random order, 1/8 apart from each other and at least 1/16 from zero: no kink lies near.</summary>
    public static TensorData Apart(string name, IEnumerable<long> dims)
    {
        var numbers = New(dims, out long[] sizes);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (i - (numbers.Length / 2) + 0.5f) / 8;
        }

        new CounterRandom(1, name).Shuffle<float>(numbers);
        return Of(sizes, numbers);
    }

    public static float[] Floats(this TensorData data) => data.Span<float>().ToArray();

    /// <summary>The largest difference, relative to the largest number that was expected.</summary>
    public static double Error(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double difference = 0, scale = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // NaN compares false with everything, so it is made to count.
            double d = Math.Abs((double)actual[i] - expected[i]);
            difference = double.IsNaN(d) ? double.PositiveInfinity : Math.Max(difference, d);
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return actual.Length != expected.Length ? double.PositiveInfinity : scale == 0 ? difference : difference / scale;
    }

    private static float[] New(IEnumerable<long> dims, out long[] sizes) => new float[TensorData.CountOf(sizes = [.. dims])];
}

/// <summary>Functions as the next link of a chain.</summary>
internal static class Chains
{
    public static Value Pipe(this Value value, Func<Value, Value> next) => next(value);
}

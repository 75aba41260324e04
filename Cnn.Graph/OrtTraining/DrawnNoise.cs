using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Operators;
using Cnn.Graph.Randomness;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// Noise that the graph draws itself. Not every device can, which is why noise is an input elsewhere; ONNX Runtime Training can, and who
/// trains with the artifacts should not have to know of dropout.
/// </summary>
internal static class DrawnNoise
{
    private const int SeedBits = 24; // as many whole numbers a float holds

    /// <param name="noise">The input that it takes the place of.</param>
    /// <param name="batch">A value whose first axis is the batch.</param>
    /// <param name="seed">The same seed gives the same series of numbers.</param>
    public static Value Of(Input noise, Value batch, long seed)
    {
        using IDisposable scope = Label.Fixed(noise.Name).Enter();
        ulong bits = new CounterRandom(seed, noise.Name).Bits(0);
        Value uniform = Zeros(noise.Shape, batch).Apply(new UniformLike(bits >> (64 - SeedBits)), Label.For("uniform"));
        return noise.Noise is MaskNoise mask ? SmallForms.PositiveMask(mask.KeepProbability - uniform) * mask.Kept : uniform;
    }

    private static Value Zeros(Shape shape, Value batch)
    {
        Value zero = Constants.Scalar(0);
        if (shape.IsStatic)
        {
            return zero.Apply(new Expand(shape), Label.For("shape"));
        }

        Value size = batch.Apply(new ShapeOf(0, 1), Label.For("batch"));
        Value sizes = size.Concat([Constants.Vector([.. shape.Skip(1).Select(d => d.Size)])], axis: 0);
        return Node.Derive(new DynamicExpand(shape), "shape", [zero, sizes]);
    }
}

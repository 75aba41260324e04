using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>
/// Elements put to other places along an axis: place i gets element Sources[i], or zero where that is −1. No element comes to two places,
/// so that the gradient is the same operator turned round. A lowering makes it ONNX's Gather.
/// </summary>
/// <param name="Axis">The axis, counted from the start.</param>
/// <param name="Sources">For each place, the element that comes there, or −1.</param>
internal sealed record Rearrange(int Axis, long[] Sources) : Operator
{
    /// <summary>The axis in reverse.</summary>
    public static Rearrange Reverse(int axis, long size) => new(axis, [.. Enumerable.Range(0, (int)size).Select(i => size - 1 - i)]);

    /// <summary>The adjoint, which puts every element back.</summary>
    /// <param name="size">The size of the axis before.</param>
    public Rearrange Inverse(long size)
    {
        var places = new long[size];
        Array.Fill(places, -1);
        for (int i = 0; i < Sources.Length; i++)
        {
            if (Sources[i] >= 0)
            {
                places[Sources[i]] = i;
            }
        }

        return new Rearrange(Axis, places);
    }

    internal override IReadOnlyList<TensorType> Infer(Inference context) =>
        [new TensorType(context.Inputs[0].Element, context.Shape(0).With(Axis, Sources.Length))];
}

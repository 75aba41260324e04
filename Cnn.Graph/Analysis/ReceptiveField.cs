using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>
/// What one element of a value sees of the input: r ← r + (extent − 1)·j and j ← j·stride at every window, r = j = 1 at the input.
/// </summary>
/// <param name="Size">What is seen along each spatial axis, in elements of the input; shorter where the axes are not known yet.</param>
/// <param name="Jump">Elements of the input between neighbouring elements, along each spatial axis.</param>
internal sealed record ReceptiveField(int[] Size, int[] Jump)
{
    /// <summary>The fields of all values of a network; where branches meet, the largest counts.</summary>
    public static Dictionary<Value, ReceptiveField> Of(Network network)
    {
        var fields = new Dictionary<Value, ReceptiveField>(ReferenceEqualityComparer.Instance);
        foreach (Input input in network.Inputs)
        {
            fields[input] = Point(Math.Max(input.Shape.Rank - 2, 0));
        }

        foreach (Node node in network.Nodes)
        {
            ReceptiveField field = node.Inputs.Where(fields.ContainsKey).Select(i => fields[i]).Aggregate(Point(0), Larger);
            fields[node.Output] = node.Op switch
            {
                Conv conv => field.Through(conv.Window),
                Pool pool => field.Through(pool.Window),
                LocallyConnected local => field.Through(local.Window),
                Flatten or GlobalPool => field.Over(node.Inputs[0].Shape),
                _ => field,
            };
        }

        return fields;
    }

    private static ReceptiveField Point(int axes) => new([.. Enumerable.Repeat(1, axes)], [.. Enumerable.Repeat(1, axes)]);

    private ReceptiveField Through(Window window)
    {
        ReceptiveField from = Larger(this, Point(window.Rank));
        return new(
            [.. from.Size.Select((r, i) => r + ((window.Extent(i) - 1) * from.Jump[i]))],
            [.. from.Jump.Select((j, i) => j * window.Stride[i])]);
    }

    /// <summary>A whole picture seen at once, as by a dense layer.</summary>
    private ReceptiveField Over(Shape picture) => picture.Rank == Size.Length + 2
        ? this with { Size = [.. Size.Select((r, i) => r + (int)((picture[i + 2].Size - 1) * Jump[i]))] }
        : this;

    private static ReceptiveField Larger(ReceptiveField a, ReceptiveField b) => new(Larger(a.Size, b.Size), Larger(a.Jump, b.Jump));

    private static int[] Larger(int[] a, int[] b) =>
        [.. Enumerable.Range(0, Math.Max(a.Length, b.Length)).Select(i => Math.Max(i < a.Length ? a[i] : 1, i < b.Length ? b[i] : 1))];
}

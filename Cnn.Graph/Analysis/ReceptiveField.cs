using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>
/// What one element of a value sees of the input: r ← r + (extent − 1)·j and j ← j·stride at every window, r = j = 1 at the input.
/// </summary>
/// <param name="Size">The height and width of what is seen, in input pixels.</param>
/// <param name="Jump">Input pixels between neighbouring elements.</param>
internal readonly record struct ReceptiveField(Size2 Size, Size2 Jump)
{
    /// <summary>The fields of all values of a network; where branches meet, the largest counts.</summary>
    public static Dictionary<Value, ReceptiveField> Of(Network network)
    {
        var fields = new Dictionary<Value, ReceptiveField>(ReferenceEqualityComparer.Instance);
        foreach (Input input in network.Inputs)
        {
            fields[input] = new(1, 1);
        }

        foreach (Node node in network.Nodes)
        {
            ReceptiveField field = node.Inputs.Where(fields.ContainsKey).Select(i => fields[i]).Aggregate(new ReceptiveField(1, 1), Larger);
            fields[node.Output] = node.Op switch
            {
                Conv conv => field.Through(conv.Window),
                Pool pool => field.Through(pool.Window),
                Flatten when node.Inputs[0].Shape.Rank == 4 => field.Over(node.Inputs[0].Shape[2].Size, node.Inputs[0].Shape[3].Size),
                _ => field,
            };
        }

        return fields;
    }

    private ReceptiveField Through(Window window) => new(
        (Size.Height + ((window.Extent(0) - 1) * Jump.Height), Size.Width + ((window.Extent(1) - 1) * Jump.Width)),
        (Jump.Height * window.Stride[0], Jump.Width * window.Stride[1]));

    /// <summary>A whole picture of so many elements seen at once, as by a dense layer.</summary>
    private ReceptiveField Over(long height, long width) =>
        this with { Size = (Size.Height + (int)((height - 1) * Jump.Height), Size.Width + (int)((width - 1) * Jump.Width)) };

    private static ReceptiveField Larger(ReceptiveField a, ReceptiveField b) => new(
        (Math.Max(a.Size.Height, b.Size.Height), Math.Max(a.Size.Width, b.Size.Width)),
        (Math.Max(a.Jump.Height, b.Jump.Height), Math.Max(a.Jump.Width, b.Jump.Width)));
}

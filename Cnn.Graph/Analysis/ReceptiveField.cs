using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>
/// What one element of a value sees of the input: r ← r + (extent − 1)·j and j ← j·stride at every window, r = j = 1 at the input. Where
/// pictures are enlarged the jump becomes smaller, below 1 even; the size is then the most that an element can see, rounded up.
/// </summary>
/// <param name="Exact">What is seen along each spatial axis, in elements of the input; shorter where the axes are not known yet.</param>
/// <param name="Jump">Elements of the input between neighbouring elements, along each spatial axis.</param>
internal sealed record ReceptiveField(double[] Exact, double[] Jump)
{
    /// <summary>What is seen along each spatial axis, in whole elements of the input.</summary>
    public int[] Size => [.. Exact.Select(r => (int)Math.Ceiling(r))];

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
                ConvTranspose back => field.Behind(back.Window),
                Resize resize => field.Resized(resize, node.Inputs[0].Shape),
                Slice slice => field.Thinned(slice),
                Pool pool => field.Through(pool.Window),
                LocallyConnected local => field.Through(local.Window),
                Flatten or GlobalPool => field.Over(node.Inputs[0].Shape),
                _ => field,
            };
        }

        return fields;
    }

    private static ReceptiveField Point(int axes) => new([.. Enumerable.Repeat(1.0, axes)], [.. Enumerable.Repeat(1.0, axes)]);

    private ReceptiveField Through(Window window) => Stepped(window.Rank, axis => window.Extent(axis), axis => window.Stride[axis]);

    /// <summary>Of a transposed convolution: ⌈extent / stride⌉ elements at most meet in one.</summary>
    private ReceptiveField Behind(Window window) => Stepped(
        window.Rank, axis => Math.Ceiling((double)window.Extent(axis) / window.Stride[axis]), axis => 1.0 / window.Stride[axis]);

    private ReceptiveField Resized(Resize op, Shape picture)
    {
        int seen = op.Mode == ResizeMode.Bilinear ? 2 : 1;
        double[] steps = [(double)picture[2].Size / op.Size.Height, (double)picture[3].Size / op.Size.Width];
        return Stepped(2, axis => steps[axis] == 1 ? 1 : seen, axis => steps[axis]);
    }

    private ReceptiveField Thinned(Slice op) => this with
    {
        Jump = [.. Jump.Select((j, i) => Array.IndexOf(op.SlicedAxes, i + 2) is >= 0 and var at ? j * op.Steps[at] : j)],
    };

    /// <summary>Each new element sees some elements in a row, and neighbours stand a step apart.</summary>
    private ReceptiveField Stepped(int rank, Func<int, double> seen, Func<int, double> step)
    {
        // Where a reshape made axes, they count as points; where it took some away, the window moves along what is left.
        ReceptiveField from = Exact.Length < rank ? Larger(this, Point(rank)) : this;
        return new(
            [.. from.Exact.Select((r, i) => i < rank ? r + ((seen(i) - 1) * from.Jump[i]) : r)],
            [.. from.Jump.Select((j, i) => i < rank ? j * step(i) : j)]);
    }

    /// <summary>A whole picture seen at once, as by a dense layer.</summary>
    private ReceptiveField Over(Shape picture) => picture.Rank == Exact.Length + 2
        ? this with { Exact = [.. Exact.Select((r, i) => r + ((picture[i + 2].Size - 1) * Jump[i]))] }
        : this;

    private static ReceptiveField Larger(ReceptiveField a, ReceptiveField b) => new(Larger(a.Exact, b.Exact), Larger(a.Jump, b.Jump));

    private static double[] Larger(double[] a, double[] b) =>
        [.. Enumerable.Range(0, Math.Max(a.Length, b.Length)).Select(i => Math.Max(i < a.Length ? a[i] : 0, i < b.Length ? b[i] : 0))];
}

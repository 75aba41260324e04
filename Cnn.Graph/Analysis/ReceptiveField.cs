using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>
/// What one element of a value sees of the input (Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
/// Distill 2019), as an interval along each spatial axis: the input's element i covers i to i + 1, and its middle is i + 0.5. At every
/// window the size grows by (extent − 1)·j, the centre moves by ((extent − 1) / 2 − padding before)·j, and j ← j·stride, with size 1,
/// centre 0.5 and j = 1 at the input. Where pictures are enlarged the jump becomes smaller, below 1 even, and neighbours differ in what
/// they see: the size is then rounded up, and behind a stride it can be too small by less than the jump there; the centre is that of
/// neighbours on average. Statistics of normalisations do not count.
/// </summary>
/// <param name="Begin">Where what the first element sees begins along each spatial axis; shorter where the axes are not known yet.</param>
/// <param name="End">Where it ends. With padding it may lie outside the picture, as the beginning may.</param>
/// <param name="Jump">Elements of the input between neighbouring elements, along each axis; below 0 where it was turned round.</param>
internal sealed record ReceptiveField(double[] Begin, double[] End, double[] Jump)
{
    /// <summary>What is seen along each axis, in whole elements of the input. Rounding errors are no reason to count one more.</summary>
    public int[] Size => [.. End.Zip(Begin, (end, begin) => (int)Math.Ceiling(end - begin - 1e-9))];

    /// <summary>The middle of what the first element sees.</summary>
    public double[] Center => [.. End.Zip(Begin, (end, begin) => Math.Round((begin + end) / 2, 9))];

    /// <summary>
    /// The fields of all values of a network. Where branches meet, all that any of them sees is seen: as much as the largest sees, where
    /// their centres agree.
    /// </summary>
    public static Dictionary<Value, ReceptiveField> Of(Network network)
    {
        var fields = new Dictionary<Value, ReceptiveField>(ReferenceEqualityComparer.Instance);
        foreach (Input input in network.Inputs)
        {
            fields[input] = Point.WithAxes(Math.Max(input.Shape.Rank - 2, 0));
        }

        foreach (Node node in network.Nodes)
        {
            ReceptiveField[] seen = [.. node.Inputs.Where(fields.ContainsKey).Select(i => fields[i])];
            ReceptiveField field = seen.Aggregate(Point, Union);
            Shape picture = node.Inputs[0].Shape;
            fields[node.Output] = node.Op switch
            {
                Conv op => field.Through(op.Window),
                LocallyConnected op => field.Through(op.Window),
                Pool op => field.Through(op.Window),
                Unfold op => field.Through(op.Window),
                ConvTranspose op => field.Behind(op.Window),
                Fold op => field.Behind(op.Window),
                Resize op => field.Resized(op, picture),
                Slice op => field.Along(op.SlicedAxes, at => new Step(op.Starts[at], op.Starts[at], op.Steps[at])),
                Pad op => field.Along([.. Enumerable.Range(0, picture.Rank)], axis => new Step(-op.Amounts[axis], -op.Amounts[axis], 1)),
                Flip op => field.Along(op.FlippedAxes, at => Step.At(picture[op.FlippedAxes[at]].Size - 1, -1)),
                Transpose op when op.Order.Skip(2).All(axis => axis >= 2) => field.InOrder([.. op.Order.Skip(2).Select(axis => axis - 2)]),
                Concat op when seen.Length > 0 && Axes.Normalize(op.Axis, picture.Rank) is >= 2 and var axis =>
                    field.Like(seen[0], axis - 2),
                Flatten or GlobalPool => field.Whole(picture, [.. Enumerable.Range(0, picture.Rank)]),
                Reduction op => field.Whole(picture, op.ReducedAxes),
                _ => field,
            };
        }

        return fields;
    }

    private static ReceptiveField Point => new([], [], []);

    /// <summary>The first new element sees the elements from first to last, the next ones a step further.</summary>
    private readonly record struct Step(double First, double Last, double Stride)
    {
        public static Step At(double element, double stride) => new(element, element, stride);
    }

    private ReceptiveField Through(Window window) => Stepped(
        window.Rank, axis => new Step(-window.PadBegin[axis], window.Extent(axis) - 1 - window.PadBegin[axis], window.Stride[axis]));

    /// <summary>Of a transposed convolution: ⌈extent / stride⌉ elements at most meet in one.</summary>
    private ReceptiveField Behind(Window window) => Stepped(window.Rank, axis =>
    {
        double stride = window.Stride[axis];
        double middle = (window.PadBegin[axis] - ((window.Extent(axis) - 1) / 2.0)) / stride;
        return Around(middle, Math.Ceiling(window.Extent(axis) / stride), 1 / stride);
    });

    private ReceptiveField Resized(Resize op, Shape picture)
    {
        int[] sizes = op.Size.ToArray();
        return Stepped(2, axis =>
        {
            (long from, long to) = (picture[axis + 2].Size, sizes[axis]);
            double step = op.AlignCorners && to > 1 ? (from - 1.0) / (to - 1) : (double)from / to;
            if (op.Mode == ResizeMode.Nearest)
            {
                // ⌊i · from / to⌋ lies below i · from / to by half of 1 − 1 / period on average.
                return Step.At(((double)Gcd(from, to) / to / 2) - 0.5, step);
            }

            double middle = op.AlignCorners ? 0 : (step - 1) / 2;
            return Around(middle, double.IsInteger(step) && double.IsInteger(middle) ? 1 : 2, step);
        });
    }

    private static Step Around(double middle, double count, double stride) =>
        new(middle - ((count - 1) / 2), middle + ((count - 1) / 2), stride);

    /// <summary>Steps along some axes of a tensor [N, C, …]; the others stay.</summary>
    private ReceptiveField Along(int[] axes, Func<int, Step> step) =>
        Stepped(Jump.Length, axis => Array.IndexOf(axes, axis + 2) is >= 0 and var at ? step(at) : Step.At(0, 1));

    /// <summary>All elements along some axes seen at once, as by a dense layer.</summary>
    private ReceptiveField Whole(Shape picture, int[] axes) =>
        picture.Rank == Jump.Length + 2 ? Along(axes, at => new Step(0, picture[axes[at]].Size - 1, 1)) : this;

    /// <summary>Pieces one behind the other along an axis: the first element is that of the first piece.</summary>
    private ReceptiveField Like(ReceptiveField first, int axis)
    {
        ReceptiveField to = WithAxes(axis + 1), from = first.WithAxes(axis + 1);
        (to.Begin[axis], to.End[axis], to.Jump[axis]) = (from.Begin[axis], from.End[axis], from.Jump[axis]);
        return to;
    }

    private ReceptiveField InOrder(int[] order)
    {
        ReceptiveField from = WithAxes(order.Length);
        return new([.. order.Select(i => from.Begin[i])], [.. order.Select(i => from.End[i])], [.. order.Select(i => from.Jump[i])]);
    }

    private ReceptiveField Stepped(int rank, Func<int, Step> step)
    {
        // Where a reshape took axes away, the window moves along what is left.
        ReceptiveField from = WithAxes(rank), to = new([.. from.Begin], [.. from.End], [.. from.Jump]);
        for (int i = 0; i < rank; i++)
        {
            (Step s, double jump) = (step(i), from.Jump[i]);
            to.Begin[i] += Math.Min(s.First * jump, s.Last * jump);
            to.End[i] += Math.Max(s.First * jump, s.Last * jump);
            to.Jump[i] *= s.Stride;
        }

        return to;
    }

    /// <summary>At least so many axes: where a reshape made some, they count as points.</summary>
    private ReceptiveField WithAxes(int rank)
    {
        int more = Math.Max(rank - Jump.Length, 0);
        return new([.. Begin, .. new double[more]], [.. End, .. Enumerable.Repeat(1.0, more)], [.. Jump, .. Enumerable.Repeat(1.0, more)]);
    }

    private static ReceptiveField Union(ReceptiveField a, ReceptiveField b)
    {
        return new(Merge(a.Begin, b.Begin, Math.Min), Merge(a.End, b.End, Math.Max), Merge(a.Jump, b.Jump, Math.MaxMagnitude));

        static double[] Merge(double[] x, double[] y, Func<double, double, double> choose) =>
            [.. x.Zip(y, choose), .. x.Skip(y.Length), .. y.Skip(x.Length)];
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}

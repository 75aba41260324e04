using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>Every step-th element from start to end along some axes (ONNX Slice).</summary>
    /// <param name="SlicedAxes">The axes to cut, counted from the start.</param>
    /// <param name="Starts">The first element, for each axis.</param>
    /// <param name="Ends">One behind the last element, for each axis.</param>
    /// <param name="Steps">Elements from one to the next, for each axis.</param>
    public sealed record Slice(int[] SlicedAxes, long[] Starts, long[] Ends, long[] Steps) : Operator
    {
        /// <summary>Every element from start to end along some axes.</summary>
        /// <param name="slicedAxes">The axes to cut, counted from the start.</param>
        /// <param name="starts">The first element, for each axis.</param>
        /// <param name="ends">One behind the last element, for each axis.</param>
        public Slice(int[] slicedAxes, long[] starts, long[] ends)
            : this(slicedAxes, starts, ends, [.. starts.Select(_ => 1L)])
        {
        }

        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new(
            "Slice",
            [],
            [
                TensorData.Vector<long>(Starts),
                TensorData.Vector<long>(Ends),
                TensorData.Vector<long>([.. SlicedAxes.Select(a => (long)a)]),
                .. Steps.Any(s => s != 1) ? [TensorData.Vector<long>(Steps)] : Array.Empty<TensorData>(),
            ]);

        internal override IEnumerable<string> CheckSettings() =>
            [.. Steps.Where(s => s < 1).Take(1).Select(s => $"`step` (={s}) must be at least 1. Flip() turns an axis round.")];

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            if (Axes.Check(context, SlicedAxes) is { } fault)
            {
                return fault;
            }

            Shape shape = context.Shape(0);
            for (int i = 0; i < SlicedAxes.Length; i++)
            {
                Dimension size = shape[SlicedAxes[i]];
                if (!size.IsKnown)
                {
                    return context.Fault($"axis {SlicedAxes[i]} of {shape} has no size yet, so it cannot be cut.");
                }

                if (Starts[i] < 0 || Ends[i] > size.Size || Starts[i] >= Ends[i])
                {
                    return context.Fault($"elements {Starts[i]} to {Ends[i]} do not lie on axis {SlicedAxes[i]} of {shape}.");
                }

                shape = shape.With(SlicedAxes[i], (Ends[i] - Starts[i] + Steps[i] - 1) / Steps[i]);
            }

            return [new TensorType(context.Inputs[0].Element, shape)];
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers that keep a part.</summary>
    public static class SlicingLayers
    {
        /// <summary>The elements start, start + step… before end along an axis (ONNX Slice).</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="axis">The axis to cut; negative ones count from the end. The batch cannot be cut while it is not bound.</param>
        /// <param name="start">The first element; negative numbers count from the end, as in NumPy.</param>
        /// <param name="end">One behind the last element, negative numbers counted from the end; to the end by default.</param>
        /// <param name="step">Elements from one to the next, at least 1.</param>
        /// <param name="name">The layer's name; <c>slice1</c>… by default.</param>
        public static Value Slice(this Value input, int axis, int start, int? end = null, int step = 1, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            int rank = input.Shape.Rank, at = Axes.Normalize(axis, rank);
            long size = at >= 0 && at < rank && input.Shape[at].IsKnown ? input.Shape[at].Size : 0;
            long FromStart(int element) => element < 0 ? element + size : element;
            long behind = end is { } last ? FromStart(last) : size;
            return input.Apply(new Slice([at], [FromStart(start)], [behind], [step]), Label.For("slice", name));
        }

        /// <summary>An axis cut into pieces of given sizes, in order.</summary>
        /// <param name="input">Any tensor.</param>
        /// <param name="axis">The axis to cut; negative ones count from the end.</param>
        /// <param name="sizes">The pieces' sizes; together the size of the axis.</param>
        /// <param name="name">The layer's name, in which the pieces are <c>part0</c>, <c>part1</c>…; <c>split1</c>… by default.</param>
        public static IReadOnlyList<Value> Split(this Value input, int axis, IReadOnlyList<int> sizes, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(sizes);
            int rank = input.Shape.Rank, at = Axes.Normalize(axis, rank);
            long sum = sizes.Sum(s => (long)s), start = 0;
            bool isWhole = at < 0 || at >= rank || sum == input.Shape[at].Size;
            string[] faults = isWhole || input.Type.IsUnknown
                ? []
                : [$"`sizes` (={string.Join(", ", sizes)}) make {sum}, but axis {at} of {input.Shape} has {input.Shape[at]} elements."];
            Label label = Label.For("split", name);
            return [.. sizes.Select((size, i) =>
                new Node(new Slice([at], [start], [start += size]), label.Child($"part{i}"), [input], i == 0 ? faults : []).Output)];
        }

        /// <summary>Pictures without some of their border: [N, C, H, W] → [N, C, H − top − bottom, W − left − right].</summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="top">Rows to leave out above.</param>
        /// <param name="left">Columns to leave out before.</param>
        /// <param name="bottom">Rows to leave out below.</param>
        /// <param name="right">Columns to leave out behind.</param>
        /// <param name="name">The layer's name; <c>crop1</c>… by default.</param>
        public static Value Crop2d(this Value input, int top, int left, int bottom, int right, string? name = null) =>
            Crop(input, (height, width) => (top, left, height - bottom, width - right), name);

        /// <summary>The middle of pictures: [N, C, H, W] → [N, C, height, width]. An odd pixel goes at the bottom or right.</summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="size">The height and width to keep.</param>
        /// <param name="name">The layer's name; <c>crop1</c>… by default.</param>
        public static Value CenterCrop2d(this Value input, Size2 size, string? name = null) => Crop(
            input,
            (height, width) =>
            {
                long top = (long)Math.Floor((height - size.Height) / 2.0), left = (long)Math.Floor((width - size.Width) / 2.0);
                return (top, left, top + size.Height, left + size.Width);
            },
            name);

        internal static Value SliceBy(this Value input, int axis, long start, long end) =>
            Node.Derive(new Slice([axis], [start], [end]), "slice", input);

        private static Value Crop(Value input, Func<long, long, (long Top, long Left, long Bottom, long Right)> box, string? name)
        {
            IReadOnlyList<string> faults = input.FaultsAsPicture("a crop");
            (long top, long left, long bottom, long right) = input.IsPicture() ? box(input.Shape[2].Size, input.Shape[3].Size) : default;
            return new Node(new Slice([2, 3], [top, left], [bottom, right]), Label.For("crop", name), [input], faults).Output;
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>Elements before and behind each axis (ONNX Pad).</summary>
    /// <param name="Amounts">The elements added before each axis, then those added behind each axis.</param>
    /// <param name="Mode">What is added.</param>
    public sealed record Pad(long[] Amounts, PadMode Mode = PadMode.Zero) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new(
            "Pad",
            [new OnnxAttribute("mode", Mode switch { PadMode.Reflect => "reflect", PadMode.Edge => "edge", _ => "constant" })],
            [TensorData.Vector<long>(Amounts)]);

        internal override IEnumerable<string> CheckSettings() =>
            [.. Amounts.Where(a => a < 0).Take(1).Select(a => $"`padding` (={a}) must be at least 0; Crop2d takes pixels away.")];

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape x = context.Shape(0);
            var dims = new Dimension[x.Rank];
            for (int i = 0; i < dims.Length; i++)
            {
                long before = Amounts[i], after = Amounts[i + x.Rank];
                if (Mode == PadMode.Reflect && Math.Max(before, after) >= x[i].Size && before + after > 0)
                {
                    return context.Fault(
                        $"`padding` (={Math.Max(before, after)}) by reflection must be smaller than the axis that is reflected " +
                        $"(={x[i]}, input {x}). Use PadMode.Edge or less padding.");
                }

                dims[i] = before + after == 0 ? x[i] : x[i].Size + before + after;
            }

            return [new TensorType(context.Inputs[0].Element, new Shape(dims))];
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>What is added around a picture.</summary>
    public enum PadMode
    {
        /// <summary>Zeros.</summary>
        Zero,

        /// <summary>The picture mirrored at its border pixels, which are not repeated: <c>c b | a b c | b a</c>.</summary>
        Reflect,

        /// <summary>The border pixels repeated: <c>a a | a b c | c c</c>.</summary>
        Edge,
    }

    /// <summary>Layers that add a border.</summary>
    public static class PaddingLayers
    {
        /// <summary>Pictures with a border: [N, C, H, W] → [N, C, H + rows above and below, W + columns before and behind].</summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="padding">The border's pixels: <c>1</c>, <c>(rows, columns)</c> or <see cref="Padding.Of"/>.</param>
        /// <param name="mode">What is added; zeros by default.</param>
        /// <param name="name">The layer's name; <c>pad1</c>… by default.</param>
        public static Value Pad2d(this Value input, Padding padding, PadMode mode = PadMode.Zero, string? name = null)
        {
            (int[] before, int[] behind) = padding.Resolve([1, 1], [1, 1], [1, 1], [1, 1]);
            string[] faults =
            [
                .. input.FaultsAsPicture("a border"),
                .. padding.IsExplicit ? [] : new[] { "`padding` must be numbers of pixels: only sliding windows keep a size." },
                .. before.Length == 2 ? [] : new[] { $"`padding` names {before.Length} axes, but a picture has 2." },
            ];
            var op = new Pad([0, 0, .. before.Select(p => (long)p), 0, 0, .. behind.Select(p => (long)p)], mode);
            return new Node(op, Label.For("pad", name), [input], faults).Output;
        }

        /// <summary>Zeros before and behind one axis.</summary>
        internal static Value PadAxis(this Value input, int axis, long before, long after)
        {
            int rank = input.Shape.Rank;
            var amounts = new long[2 * rank];
            (amounts[axis], amounts[axis + rank]) = (before, after);
            return before + after == 0 ? input : Node.Derive(new Pad(amounts), "pad", input);
        }
    }
}

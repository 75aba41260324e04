using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// What normalisations within a sample share: the elements of each sample fall into groups that lie side by side, each group is brought
    /// to mean 0 and variance 1, then stretched by a scale and moved by a shift: inputs x, scale, shift. Without the last two they are
    /// constants, because ONNX asks for them.
    /// </summary>
    /// <param name="Epsilon">What is added to the variance.</param>
    public abstract record SampleNormalization(float Epsilon) : Operator
    {
        internal override IEnumerable<string> CheckSettings() => Settings.RequirePositive(("epsilon", Epsilon));

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            (Shape x, Shape scale, Shape shift) = (context.Shape(0), context.Shape(1), context.Shape(2));
            if (Misfit(x) is { } fault)
            {
                return context.Fault(fault);
            }

            if (SizeOfGroup(x) == 1)
            {
                return context.Fault($"each group of the input {x} would hold one element, which is its own mean: nothing would be left of it.");
            }

            Shape expected = ParameterShape(x);
            return scale.Equals(expected) && shift.Equals(expected)
                ? [context.Inputs[0]]
                : context.Fault($"the scale {scale} and the shift {shift} of the input {x} must both be {expected}.");
        }

        /// <summary>What keeps the operator from normalising such a shape, or null.</summary>
        internal abstract string? Misfit(Shape x);

        /// <summary>Into how many groups the elements of a sample fall.</summary>
        internal abstract long GroupsOf(Shape x);

        /// <summary>The axes that scale and shift have: that of the channels.</summary>
        internal virtual int[] ParameterAxes(Shape x) => [1];

        /// <summary>The axes along which an element of scale or shift is used again and again.</summary>
        internal int[] RepeatedAxes(Shape x) => [.. Enumerable.Range(0, x.Rank).Except(ParameterAxes(x))];

        /// <summary>The shape of scale and shift.</summary>
        internal Shape ParameterShape(Shape x) => new(ParameterAxes(x).Select(axis => x[axis]));

        /// <summary>Scale or shift in a shape that broadcasts to x.</summary>
        internal Value Spread(Value parameter, Shape x) =>
            parameter.ReshapeTo([.. parameter.Shape, .. x.Skip(ParameterAxes(x)[^1] + 1).Select(_ => (Dimension)1)]);

        /// <summary>[N, groups, elements].</summary>
        internal Value Split(Value x) => x.ReshapeTo(x.Shape[0], GroupsOf(x.Shape), SizeOfGroup(x.Shape));

        private long SizeOfGroup(Shape x) => new Shape(x.Skip(1)).CountPerSample() / GroupsOf(x);
    }

    /// <summary>
    /// Normalisation over the last axes of each sample, with a scale and a shift for each of their elements (ONNX LayerNormalization).
    /// </summary>
    /// <param name="Axes">How many axes.</param>
    /// <param name="Epsilon">What is added to the variance.</param>
    public sealed record LayerNorm(int Axes, float Epsilon) : SampleNormalization(Epsilon)
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => opset < 17
            ? null
            : new("LayerNormalization", new OnnxAttribute("axis", (long)-Axes), new OnnxAttribute("epsilon", Epsilon));

        internal override string? Misfit(Shape x) => x switch
        {
            { Rank: < 2 } => $"layer normalisation takes [N, …] with at least one more axis, but the input is {x}.",
            _ when Axes < 1 || Axes >= x.Rank => $"`axes` (={Axes}) must lie between 1 and {x.Rank - 1} for the input {x}: it does not reach over the batch.",
            _ => null,
        };

        internal override long GroupsOf(Shape x) => new Shape(x.Skip(1).SkipLast(Axes)).CountPerSample();

        internal override int[] ParameterAxes(Shape x) => [.. Enumerable.Range(x.Rank - Axes, Axes)];
    }

    /// <summary>Normalisation of each channel of each sample, with a scale and a shift a channel (ONNX InstanceNormalization).</summary>
    /// <param name="Epsilon">What is added to the variance.</param>
    public sealed record InstanceNorm(float Epsilon) : SampleNormalization(Epsilon)
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("InstanceNormalization", new OnnxAttribute("epsilon", Epsilon));

        internal override string? Misfit(Shape x) =>
            x.Rank < 3 ? $"instance normalisation takes [N, channels, …] with at least one more axis, but the input is {x}." : null;

        internal override long GroupsOf(Shape x) => x[1].Size;
    }

    /// <summary>
    /// Normalisation of groups of channels of each sample, with a scale and a shift a channel; lowered to instance normalisation.
    /// </summary>
    /// <param name="Groups">Into how many groups the channels are split.</param>
    /// <param name="Epsilon">What is added to the variance.</param>
    public sealed record GroupNorm(int Groups, float Epsilon) : SampleNormalization(Epsilon)
    {
        /// <inheritdoc/>
        public override OnnxForm? Onnx(int opset) => null;

        internal override IEnumerable<string> CheckSettings() =>
            Groups < 1 ? base.CheckSettings().Prepend($"`groups` (={Groups}) must be at least 1.") : base.CheckSettings();

        internal override string? Misfit(Shape x) => x switch
        {
            { Rank: < 2 } => $"group normalisation takes [N, channels, …], but the input is {x}.",
            _ when x[1].Size % Groups != 0 => $"the input's channels (={x[1]}) must be divisible by `groups` (={Groups}).",
            _ => null,
        };

        internal override long GroupsOf(Shape x) => Groups;
    }
}

namespace Cnn.Graph
{
    /// <summary>Normalisations within each sample: training and use do the same, and samples do not see each other.</summary>
    public static class SampleNormalizationLayers
    {
        /// <summary>
        /// Layer normalisation (Ba et al., 2016): (x − mean) / √(variance + epsilon) · scale + shift, with mean and variance over the last
        /// axes of each sample, and a scale (from 1) and a shift (from 0) for each element of these axes.
        /// </summary>
        /// <param name="input">[N, …].</param>
        /// <param name="axes">
        /// How many of the last axes; all after the batch by default. 1 normalises the last axis, as transformers do.
        /// </param>
        /// <param name="affine">Whether there are a scale and a shift.</param>
        /// <param name="epsilon">What is added to the variance; above 0.</param>
        /// <param name="name">The layer's name; <c>layer_norm1</c>… by default.</param>
        public static Value LayerNorm(this Value input, int? axes = null, bool affine = true, double epsilon = 1e-5, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            return Normalize(input, new LayerNorm(axes ?? input.Shape.Rank - 1, (float)epsilon), affine, Label.For("layer_norm", name));
        }

        /// <summary>
        /// Instance normalisation (Ulyanov et al., 2016): (x − mean) / √(variance + epsilon) · scale + shift, with mean and variance of
        /// each channel of each sample, and a scale (from 1) and a shift (from 0) a channel, which PyTorch's has only on request.
        /// </summary>
        /// <param name="input">[N, C, …] with at least one more axis.</param>
        /// <param name="affine">Whether there are a scale and a shift.</param>
        /// <param name="epsilon">What is added to the variance; above 0.</param>
        /// <param name="name">The layer's name; <c>instance_norm1</c>… by default.</param>
        public static Value InstanceNorm(this Value input, bool affine = true, double epsilon = 1e-5, string? name = null) =>
            Normalize(input, new InstanceNorm((float)epsilon), affine, Label.For("instance_norm", name));

        /// <summary>
        /// Group normalisation (Wu &amp; He, 2018): (x − mean) / √(variance + epsilon) · scale + shift, with mean and variance of each
        /// group of neighbouring channels of each sample, and a scale (from 1) and a shift (from 0) a channel.
        /// </summary>
        /// <param name="input">[N, C, …].</param>
        /// <param name="groups">Into how many groups the channels are split; divides C.</param>
        /// <param name="affine">Whether there are a scale and a shift.</param>
        /// <param name="epsilon">What is added to the variance; above 0.</param>
        /// <param name="name">The layer's name; <c>group_norm1</c>… by default.</param>
        public static Value GroupNorm(this Value input, int groups, bool affine = true, double epsilon = 1e-5, string? name = null) =>
            Normalize(input, new GroupNorm(groups, (float)epsilon), affine, Label.For("group_norm", name));

        private static Value Normalize(Value input, SampleNormalization op, bool affine, Label label)
        {
            ArgumentNullException.ThrowIfNull(input);
            return new Node(op, label, [input, Operand("scale", 1, ParameterRole.Scale), Operand("shift", 0, ParameterRole.Bias)]).Output;

            Value Operand(string name, float first, ParameterRole role)
            {
                // A shape that does not fit is the operator's to report; the operands only need some type until then.
                bool fits = !op.CheckSettings().Any() && op.Misfit(input.Shape) is null;
                Shape shape = fits ? op.ParameterShape(input.Shape) : Shape.Scalar;
                return affine
                    ? new Parameter(label.Child(name), input.Type.IsUnknown ? TensorType.Unknown : TensorType.Float(shape), Initializer.Constant(first), role)
                    : Constants.Filled(first, shape);
            }
        }
    }
}

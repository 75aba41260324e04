using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>
/// THE table of gradients: for each operator, the gradients with respect to its inputs given that of its output. A row may return a
/// gradient in the shape of the output where an operand was broadcast, and null where there is none; broadcasting and sums over
/// several uses are the walk's affair (<see cref="Gradient"/>). Values that nobody asked for are never part of a graph.
/// </summary>
internal static class GradientTable
{
    private delegate IReadOnlyList<Value?> Rule(Node node, Value dy);

    private static readonly Dictionary<Type, Rule> Rules = new()
    {
        // Arithmetic
        [typeof(Add)] = (_, dy) => [dy, dy],
        [typeof(Sub)] = (_, dy) => [dy, -1 * dy],
        [typeof(Mul)] = (n, dy) => [dy * n.Inputs[1], dy * n.Inputs[0]],
        [typeof(Div)] = (n, dy) => [dy / n.Inputs[1], -1 * dy * n.Output / n.Inputs[1]],
        [typeof(Max)] = (n, dy) => Winner(dy, n.Inputs[0] - n.Inputs[1]),
        [typeof(Min)] = (n, dy) => Winner(dy, n.Inputs[1] - n.Inputs[0]),
        [typeof(Where)] = (n, dy) => [null, n.Inputs[0].Where(dy, Zero(dy)), n.Inputs[0].Where(Zero(dy), dy)],

        // Elementary functions
        [typeof(Exp)] = (n, dy) => [dy * n.Output],
        [typeof(Log)] = (n, dy) => [dy / n.Inputs[0]],
        [typeof(Sqrt)] = (n, dy) => [dy * 0.5 / n.Output],
        [typeof(Abs)] = (n, dy) => [dy * Sign(n.Inputs[0])],
        [typeof(Erf)] = (n, dy) => [dy * (2 / Math.Sqrt(Math.PI)) * (-1 * n.Inputs[0].Square()).Exp()],
        [typeof(Pow)] = (n, dy) => [PowGradient(((Pow)n.Op).Exponent, n.Inputs[0], dy)],
        [typeof(StopGradient)] = (_, _) => [null],

        // Activations
        [typeof(Relu)] = (n, dy) => [Mask(n.Output) * dy],
        [typeof(Relu6)] = (n, dy) => [Mask(n.Output) * Mask(6 - n.Output) * dy],
        [typeof(LeakyRelu)] = (n, dy) => [LeakyReluSlope(n) * dy],
        [typeof(PRelu)] = (n, dy) => [dy * Bent(n.Inputs[0], n.Inputs[1]), dy * (n.Inputs[0] * (1 - Mask(n.Inputs[0])))],
        [typeof(Elu)] = (n, dy) => [dy * Bent(n.Inputs[0], n.Output + ((Elu)n.Op).Alpha)],
        [typeof(Gelu)] = (n, dy) => [dy * GeluSlope((Gelu)n.Op, n.Inputs[0])],
        [typeof(Silu)] = (n, dy) => [dy * SiluSlope(n.Inputs[0].Sigmoid(), n.Output)],
        [typeof(Sigmoid)] = (n, dy) => [dy * (n.Output * (1 - n.Output))],
        [typeof(Tanh)] = (n, dy) => [dy * (1 - (n.Output * n.Output))],
        [typeof(ScaledTanh)] = (n, dy) => [dy * ScaledTanhSlope((ScaledTanh)n.Op, n.Output)],
        [typeof(Softmax)] = (n, dy) => [n.Output * (dy - (dy * n.Output).Sum([Axis<Softmax>(n, op => op.Axis)], keepDims: true))],
        [typeof(LogSoftmax)] = (n, dy) => [dy - (n.Output.Exp() * dy.Sum([Axis<LogSoftmax>(n, op => op.Axis)], keepDims: true))],

        // The same operator again, so that in training the same mask is applied.
        [typeof(Dropout)] = (n, dy) => [dy.Apply(n.Op, Label.For("dropout"))],

        // Products
        [typeof(MatMul)] = (n, dy) => [MatrixProduct(dy, Swapped(n.Inputs[1])), MatrixProduct(Swapped(n.Inputs[0]), dy)],
        [typeof(Gemm)] = (n, dy) => GemmGradients((Gemm)n.Op, n, dy),
        [typeof(Conv)] = (n, dy) => ConvGradients((Conv)n.Op, n, dy),
        [typeof(ConvTranspose)] = (n, dy) => ConvTransposeGradients((ConvTranspose)n.Op, n, dy),
        [typeof(RadialBasis)] = (n, dy) => RadialBasisGradients(n.Inputs[0], n.Inputs[1], dy),

        // Pooling
        [typeof(MaxPool)] = (n, dy) => [Derived(new MaxPoolGradient(((MaxPool)n.Op).Window), n.Inputs[0], n.Output, dy)],
        [typeof(AveragePool)] = (n, dy) => [Derived(AveragePoolGradientOf((AveragePool)n.Op, n), dy)],
        [typeof(GlobalMaxPool)] = (n, dy) =>
            [Derived(new MaxPoolGradient(WindowGradients.Whole(n.Inputs[0].Shape)), n.Inputs[0], n.Output, dy)],
        [typeof(GlobalAveragePool)] = (n, dy) => [(dy / WindowGradients.Whole(n.Inputs[0].Shape).Taps).Like(n.Inputs[0])],
        [typeof(RankPool)] = (n, dy) => [Derived(new MaxPoolGradient(((RankPool)n.Op).Window), n.Inputs[0], n.Output, dy)],
        [typeof(L2Pool)] = (n, dy) => [WindowGradients.L2((L2Pool)n.Op, n, dy)],
        [typeof(DistanceWeightedPool)] = (n, dy) => [WindowGradients.DistanceWeighted((DistanceWeightedPool)n.Op, n, dy)],
        [typeof(StochasticPool)] = (n, dy) => [WindowGradients.Stochastic((StochasticPool)n.Op, n, dy), null],

        // Columns
        [typeof(Unfold)] = (n, dy) => [Derived(WindowGradients.FoldOf((Unfold)n.Op, n), dy)],
        [typeof(Fold)] = (n, dy) => [Derived(new Unfold(((Fold)n.Op).Window), dy)],
        [typeof(LocallyConnected)] = (n, dy) => WindowGradients.LocallyConnected((LocallyConnected)n.Op, n, dy),

        // Normalisation
        [typeof(BatchNorm)] = (n, dy) => BatchNormGradients.Frozen(n, dy),
        [typeof(BatchNormTraining)] = (n, dy) => BatchNormGradients.Training(n, dy),
        [typeof(LocalResponseNorm)] = (n, dy) => [NormalizationGradients.BetweenChannels((LocalResponseNorm)n.Op, n, dy)],
        [typeof(LayerNorm)] = (n, dy) => NormalizationGradients.WithinSamples((SampleNormalization)n.Op, n, dy),
        [typeof(InstanceNorm)] = (n, dy) => NormalizationGradients.WithinSamples((SampleNormalization)n.Op, n, dy),
        [typeof(GroupNorm)] = (n, dy) => NormalizationGradients.WithinSamples((SampleNormalization)n.Op, n, dy),

        // Shapes
        [typeof(Flatten)] = (n, dy) => [dy.ReshapeTo(n.Inputs[0].Shape)],
        [typeof(Reshape)] = (n, dy) => [dy.ReshapeTo(n.Inputs[0].Shape)],
        [typeof(Transpose)] = (n, dy) => [dy.TransposeBy(Inverse(((Transpose)n.Op).Order))],
        [typeof(Concat)] = (n, dy) => Split(n, dy, Axis<Concat>(n, op => op.Axis)),
        [typeof(Slice)] = (n, dy) => [Derived(new SliceGradient((Slice)n.Op, n.Inputs[0].Shape), dy)],
        [typeof(Flip)] = (n, dy) => [Derived(n.Op, dy)],
        [typeof(Rearrange)] = (n, dy) => [Derived(((Rearrange)n.Op).Inverse(n.Inputs[0].Shape[((Rearrange)n.Op).Axis].Size), dy)],
        [typeof(Pad)] = (n, dy) => [ShapeGradients.OfPad((Pad)n.Op, n.Inputs[0].Shape, dy)],
        [typeof(Resize)] = (n, dy) => [ShapeGradients.OfResize((Resize)n.Op, n.Inputs[0].Shape, dy)],
        [typeof(BroadcastLike)] = (_, dy) => [dy, null],

        // Reductions
        [typeof(ReduceSum)] = (n, dy) => [Spread((Reduction)n.Op, n, dy)],
        [typeof(ReduceMean)] = (n, dy) => [Spread((Reduction)n.Op, n, dy / n.Inputs[0].CountAlong(((Reduction)n.Op).ReducedAxes))],
    };

    /// <summary>The gradients with respect to a node's inputs.</summary>
    /// <exception cref="CnnGraphException">The operator has no row.</exception>
    public static IReadOnlyList<Value?> Apply(Node node, Value dy) => Rules.TryGetValue(node.Op.GetType(), out Rule? rule)
        ? rule(node, dy)
        : throw new CnnGraphException($"'{node.Name}' ({node.Op.Name}) has no gradient, so nothing before it can be trained through it.");

    /// <summary>The operators that have a row.</summary>
    public static IEnumerable<Type> Operators => Rules.Keys;

    private static Value Derived(Operator op, params IReadOnlyList<Value> inputs) =>
        Node.Derive(op, OperatorNames.Snake(op.Name), inputs);

    private static Constant Zero(Value like) => Arithmetic.Number(0, like);

    private static int Axis<T>(Node node, Func<T, int> axis)
        where T : Operator => Axes.Normalize(axis((T)node.Op), node.Output.Shape.Rank);

    /// <summary>dY to the first operand where the lead is positive, to the second where it is negative, halves where it is zero.</summary>
    private static IReadOnlyList<Value?> Winner(Value dy, Value lead)
    {
        Value first = (Sign(lead) + 1) * 0.5;
        return [dy * first, dy * (1 - first)];
    }

    /// <summary>p · xᵖ⁻¹; nothing for p = 0, where xᵖ⁻¹ could be infinite.</summary>
    private static Value? PowGradient(double p, Value x, Value dy) => p == 0 ? null : dy * (p * x.Pow(p - 1));

    private static Value Mask(Value x) => x.Apply(new PositiveMask(), Label.For("mask"));

    /// <summary>−1, 0 or 1.</summary>
    private static Value Sign(Value x) => Mask(x) - Mask(-1 * x);

    /// <summary>The slope of a rectifier: 1 where x &gt; 0, another elsewhere.</summary>
    private static Value Bent(Value x, Value below)
    {
        Value mask = Mask(x);
        return mask + ((1 - mask) * below);
    }

    private static Value LeakyReluSlope(Node n)
    {
        float alpha = ((LeakyRelu)n.Op).Alpha;
        return ((1 - alpha) * Mask(n.Inputs[0])) + alpha;
    }

    /// <summary>y = ½ · x · gate(x), so y′ = ½ · (gate + x · gate′).</summary>
    private static Value GeluSlope(Gelu op, Value x)
    {
        Value gate = op.Gate(x);
        return 0.5 * (gate + (x * op.GateSlope(x, gate)));
    }

    /// <summary>y = x · gate with gate = σ(x), so y′ = gate + y · (1 − gate).</summary>
    private static Value SiluSlope(Value gate, Value y) => gate + (y * (1 - gate));

    /// <summary>y = a · tanh(s · x), so y′ = s · (a − y² / a).</summary>
    private static Value ScaledTanhSlope(ScaledTanh op, Value y) =>
        ((double)op.Amplitude * op.Slope) - ((double)op.Slope / op.Amplitude * y.Square());

    private static Value MatrixProduct(Value a, Value b) => Derived(new MatMul(), a, b);

    private static Value Swapped(Value x)
    {
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return x.TransposeBy(order);
    }

    /// <summary>
    /// For C = alpha · A' · B' (the primes standing for optional transposes): dA' = alpha · dC · B'ᵀ, dB' = alpha · A'ᵀ · dC.
    /// </summary>
    private static IReadOnlyList<Value?> GemmGradients(Gemm op, Node n, Value dy)
    {
        (Value a, Value b) = (n.Inputs[0], n.Inputs[1]);
        Value da = op.TransposeA
            ? Derived(new Gemm(op.TransposeB, TransposeB: true, op.Alpha), b, dy)
            : Derived(new Gemm(TransposeB: !op.TransposeB, Alpha: op.Alpha), dy, b);
        Value db = op.TransposeB
            ? Derived(new Gemm(TransposeA: true, TransposeB: op.TransposeA, op.Alpha), dy, a)
            : Derived(new Gemm(TransposeA: !op.TransposeA, Alpha: op.Alpha), a, dy);
        return n.Inputs.Count == 2 ? [da, db] : [da, db, op.Beta == 1 ? dy : dy * op.Beta];
    }

    private static IReadOnlyList<Value?> ConvGradients(Conv op, Node n, Value dy)
    {
        (Value x, Value w) = (n.Inputs[0], n.Inputs[1]);
        Value dx = Derived(new ConvInputGradient(op.Window, op.Groups, x.Shape), dy, w);
        Value dw = Derived(new ConvWeightGradient(op.Window, op.Groups), x, dy);
        return n.Inputs.Count == 2 ? [dx, dw] : [dx, dw, dy.Sum(dy.AllButChannels())];
    }

    /// <summary>
    /// For y = −Σ (x − w)²: dX = 2 · (dY · W − X · Σ dY) and dW = 2 · (dYᵀ · X − W · Σ dY), summed over the units and over the samples.
    /// </summary>
    private static IReadOnlyList<Value?> RadialBasisGradients(Value x, Value w, Value dy) =>
    [
        2 * (Derived(new Gemm(), dy, w) - (x * dy.Sum([1], keepDims: true))),
        2 * (Derived(new Gemm(TransposeA: true), dy, x) - (w * dy.Sum([0]).ReshapeTo(w.Shape[0], 1))),
    ];

    /// <summary>The adjoint of a convolution is one backwards, so that input and output change places in its gradients.</summary>
    private static IReadOnlyList<Value?> ConvTransposeGradients(ConvTranspose op, Node n, Value dy)
    {
        Value dx = Derived(new Conv(op.Window, op.Groups), dy, n.Inputs[1]);
        Value dw = Derived(new ConvWeightGradient(op.Window, op.Groups), dy, n.Inputs[0]);
        return n.Inputs.Count == 2 ? [dx, dw] : [dx, dw, dy.Sum(dy.AllButChannels())];
    }

    private static AveragePoolGradient AveragePoolGradientOf(AveragePool op, Node n) => new(op.Window, op.CountPadding, n.Inputs[0].Shape);

    private static int[] Inverse(int[] order) => [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))];

    private static IReadOnlyList<Value?> Split(Node n, Value dy, int axis)
    {
        long start = 0;
        return [.. n.Inputs.Select(input => dy.SliceBy(axis, start, start += input.Shape[axis].Size))];
    }

    /// <summary>The reverse of a sum: the gradient repeated along the axes that went.</summary>
    private static Value Spread(Reduction op, Node n, Value dy) => dy.ReshapeTo(op.Kept(n.Inputs[0].Shape)).Like(n.Inputs[0]);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>
/// Mixed precision (Micikevicius et al., 2018): a graph of 32-bit floats rewritten so that convolutions and matrix products compute in 16
/// bits. What moves or picks numbers follows them; sums over many elements, quotients, roots and exponentials stay in 32 bits, and so do
/// the variables and all that meets them. Wherever the two meet, 32 bits win, as in PyTorch's and NumPy's promotion.
/// </summary>
internal sealed class HalfPrecision
{
    private const float SmallestNormal = 6.104e-5f, Largest = 65504;

    /// <summary>
    /// They compute in 16 bits whatever they are given, save where an operand is a constant: then they only move numbers, such as a pool's
    /// maxima back to where they came from, where they are compared bit for bit. Those follow.
    /// </summary>
    private static readonly HashSet<Type> Products = [typeof(Conv), typeof(ConvTranspose), typeof(MatMul), typeof(Gemm)];

    /// <summary>They compute in 16 bits where all that they are given has 16 bits.</summary>
    private static readonly HashSet<Type> Followers =
    [
        typeof(Add), typeof(Sub), typeof(Mul), typeof(Max), typeof(Min), typeof(Equal), typeof(Less), typeof(Where), typeof(Relu), typeof(LeakyRelu),
        typeof(Clip), typeof(Abs), typeof(Identity), typeof(MaxPool), typeof(GlobalMaxPool), typeof(Reshape), typeof(Flatten), typeof(Transpose),
        typeof(Concat), typeof(Slice), typeof(Gather), typeof(Pad), typeof(Expand), typeof(DynamicExpand),
    ];

    /// <summary>
    /// They compute in 32 bits and round what they give to 16 where they were given 16: small results of what 16 bits would not hold on the
    /// way, such as the mask of a rectifier, a slope of 1e30 cut to 0 and 1.
    /// </summary>
    private static readonly HashSet<Type> Rounders =
    [
        typeof(HardSigmoid), typeof(Sigmoid), typeof(Tanh), typeof(Elu), typeof(AveragePool), typeof(GlobalAveragePool),
    ];

    private readonly Dictionary<Value, Value> _halves = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, Value> _floats = new(ReferenceEqualityComparer.Instance);

    private HalfPrecision()
    {
    }

    /// <summary>The same values, of the same types, computed in mixed precision.</summary>
    /// <param name="values">Values of ONNX operators only.</param>
    public static IReadOnlyList<Value> Apply(IReadOnlyList<Value> values)
    {
        var precision = new HalfPrecision();
        IReadOnlyList<Value> mixed = new Rewriter(precision.Compute).Rewrite(values);
        return [.. mixed.Select((value, i) => values[i].Type.Element == ElementType.Float ? precision.ToFloat(value) : value)];
    }

    private IReadOnlyList<Value> Compute(Node node, IReadOnlyList<Value> inputs)
    {
        Type op = node.Op.GetType();
        bool isProduct = Products.Contains(op), moves = isProduct ? inputs.Any(i => i is Constant) : Followers.Contains(op) && !IsSquare(op, inputs);
        bool isHalf = moves ? inputs.Any(IsHalf) && inputs.All(MayBeHalf) : isProduct;
        IReadOnlyList<Value> outputs = Rewriter.Keep(node, [.. inputs.Select(x => isHalf ? ToHalf(x) : ToFloat(x))]);
        return Rounders.Contains(op) && inputs.Any(IsHalf) ? [.. outputs.Select(ToHalf)] : outputs;
    }

    /// <summary>A square leaves the range of 16 bits where its root is above 256 or below 2⁻¹²; sums of squares are what layers make of them.</summary>
    private static bool IsSquare(Type op, IReadOnlyList<Value> inputs) => op == typeof(Mul) && inputs[0] == inputs[1];

    private static bool IsHalf(Value value) => value.Type.Element == ElementType.Float16;

    /// <summary>Whether 16 bits hold it: they do already, it has no floats, or it is a constant of numbers in their range.</summary>
    private static bool MayBeHalf(Value value) => value.Type.Element != ElementType.Float
        || (value is Constant constant && Array.TrueForAll(
            constant.Data.Span<float>().ToArray(), x => x == 0 || (MathF.Abs(x) >= SmallestNormal && MathF.Abs(x) <= Largest)));

    private Value ToHalf(Value value) => value.Type.Element != ElementType.Float ? value : Converted(value, _halves, _floats, () => value is Constant constant
        ? Constants.Of(TensorData.Of<Half>(Array.ConvertAll(constant.Data.Span<float>().ToArray(), x => (Half)x), constant.Data.Dims))
        : Cast(value, ElementType.Float16, "half"));

    private Value ToFloat(Value value) => !IsHalf(value) ? value : Converted(value, _floats, _halves, () => Cast(value, ElementType.Float, "float"));

    /// <summary>
    /// Each value is converted once. What was made by rounding is not made whole again by going back: that would hide the rounding.
    /// </summary>
    private static Value Converted(Value value, Dictionary<Value, Value> known, Dictionary<Value, Value> back, Func<Value> convert)
    {
        if (!known.TryGetValue(value, out Value? converted))
        {
            known[value] = converted = convert();
            if (value.Type.Element == ElementType.Float16)
            {
                back[converted] = value; // exact
            }
        }

        return converted;
    }

    private static Value Cast(Value value, ElementType type, string name) => new Node(new Cast(type), value.Label.Child(name), [value]).Output;
}

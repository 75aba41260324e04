using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;

namespace Cnn.Graph.Tests;

/// <summary>What kind of function a case is, which decides the numbers it is tried at and the step of the differences.</summary>
public enum Curve
{
    /// <summary>A polynomial in each element: large steps are exact.</summary>
    Polynomial,

    /// <summary>Linear in the first input, so that its gradient must also be its adjoint.</summary>
    Linear,

    /// <summary>Smooth everywhere.</summary>
    Smooth,

    /// <summary>Smooth for positive numbers, to which it is fed.</summary>
    Positive,

    /// <summary>Linear between kinks: the numbers stay off the kinks and the steps do not cross them.</summary>
    Piecewise,
}

/// <summary>One operator with one choice of settings. Parameters that its layer makes are checked along with its inputs.</summary>
public sealed class GradientCase
{
    private readonly Func<Value[], Value> _build;
    private readonly int[][] _shapes;

    public GradientCase(string name, Curve curve, int[][] shapes, Func<Value[], Value> build)
    {
        (Name, Curve, _shapes, _build) = (name, curve, shapes, build);
        Inputs = [.. shapes.Select((dims, i) => Tensors.Input($"x{i}", dims))];
        Output = build(Inputs);
        Leaves = [.. Inputs, .. Traversal.Leaves([Output]).OfType<Parameter>()];
        IEnumerable<Value> statistics = Traversal.Leaves([Output]).OfType<Statistic>();
        Feeds = GraphRunner.Feeds(Leaves.Concat(statistics).Select(leaf => (leaf, Numbers(leaf))));
    }

    public string Name { get; }

    public Curve Curve { get; }

    public Value[] Inputs { get; }

    public Value Output { get; }

    internal Dictionary<Value, TensorData> Feeds { get; }

    /// <summary>Inputs, then parameters.</summary>
    public IReadOnlyList<Value> Leaves { get; }

    /// <summary>All are powers of two, so that moved numbers are exact in float.</summary>
    public double Step => Curve switch
    {
        Curve.Polynomial or Curve.Linear => 1,
        Curve.Smooth or Curve.Positive => 1.0 / 32,
        _ => 1.0 / 64,
    };

    /// <summary>Relative to the largest gradient.</summary>
    public double Tolerance => Curve is Curve.Smooth or Curve.Positive ? 5e-5 : 2e-6;

    /// <summary>The same function of other inputs.</summary>
    public Value Apply(params Value[] inputs) => _build(inputs);

    public override string ToString() => Name;

    private TensorData Numbers(Value leaf)
    {
        string stream = $"{Name}/{leaf.Name}";
        long[] dims = leaf.Shape.Sizes();
        return Curve switch
        {
            // A variance is above zero.
            _ when leaf is Statistic => Tensors.Uniform(stream, dims, 0.75f, 2),
            Curve.Positive => Tensors.Uniform(stream, dims, 0.75f, 2),
            Curve.Piecewise => Tensors.Apart(stream, dims),
            _ => Tensors.Uniform(stream, dims),
        };
    }

    /// <summary>A node of an operator that no fluent method makes with these settings.</summary>
    internal static Value Node(Operator op, params Value[] inputs) => new Node(op, Label.For(OperatorNames.Snake(op.Name)), inputs).Output;
}

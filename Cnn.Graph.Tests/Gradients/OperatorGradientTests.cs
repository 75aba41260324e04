using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>Every operator with every setting: one line a case in the tables beside this file.</summary>
[Parallelizable(ParallelScope.All)]
public class OperatorGradientTests
{
    private static readonly IReadOnlyList<GradientCase> Cases = GradientCases.All;

    private static IEnumerable<TestCaseData> All => Cases.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    private static IEnumerable<TestCaseData> LinearOnes =>
        Cases.Where(c => c.Curve == Curve.Linear).Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(All))]
    public void Gradients_equal_differences(GradientCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        Assert.That(Traversal.TopologicalOrder([c.Output]).SelectMany(n => n.Faults), Is.Empty);
        var check = new GradientCheck(c.Output, c.Feeds);
        IReadOnlyList<TensorData> actual = check.Automatic(c.Leaves);
        IReadOnlyList<float[]> expected = check.Numeric(c.Step, c.Leaves);
        Assert.Multiple(() =>
        {
            for (int i = 0; i < actual.Count; i++)
            {
                Assert.That(actual[i].Dims, Is.EqualTo(c.Leaves[i].Shape.Sizes()), c.Leaves[i].Name);
                Assert.That(
                    Tensors.Error(actual[i].Floats(), expected[i]),
                    Is.LessThan(c.Tolerance),
                    () => $"{c.Leaves[i].Name}:\nis        {string.Join(", ", actual[i].Floats())}\nshould be {string.Join(", ", expected[i])}");
            }
        });
    }

    /// <summary>⟨J x, y⟩ = ⟨x, Jᵀ y⟩, without any difference quotient: J x is f(x) − f(0), Jᵀ y the gradient of ⟨f, y⟩.</summary>
    [TestCaseSource(nameof(LinearOnes))]
    public void Gradients_of_linear_operators_are_their_adjoints(GradientCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        var check = new GradientCheck(c.Output, c.Feeds);
        TensorData x = c.Feeds[c.Inputs[0]];
        var atZero = new Dictionary<Value, TensorData>(c.Feeds, ReferenceEqualityComparer.Instance)
        {
            [c.Inputs[0]] = Tensors.Of(x.Dims, new float[x.Count]),
        };
        using var runner = new GraphRunner([c.Output]);
        float[] fx = runner.Run(c.Feeds)[0].Floats(), f0 = runner.Run(atZero)[0].Floats(), y = check.Weights.Floats();
        double left = 0;
        for (int i = 0; i < y.Length; i++)
        {
            left += ((double)fx[i] - f0[i]) * y[i];
        }

        double right = x.Floats().Zip(check.Automatic(c.Inputs[0])[0].Floats(), (a, b) => (double)a * b).Sum();
        Assert.That(right, Is.EqualTo(left).Within(1e-5 * Math.Max(1, Math.Abs(left))));
    }

    [Test]
    public void Every_row_of_the_table_is_tried()
    {
        IEnumerable<Type> tried = Traversal.TopologicalOrder(Cases.Select(c => c.Output)).Select(n => n.Op.GetType());
        Assert.That(GradientTable.Operators.Except(tried).Select(t => t.Name), Is.Empty);
    }
}

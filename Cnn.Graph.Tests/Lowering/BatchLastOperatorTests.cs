using Cnn.Graph.Ir;
using Cnn.Graph.Lowering.BatchLast;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>
/// Every operator with every setting, and its gradients, in the layout with the batch last: the numbers are those of the usual layout.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class BatchLastOperatorTests
{
    private static IEnumerable<TestCaseData> All => GradientCases.All
        .Where(c => c.Inputs[0].Shape.Rank > 1)
        .Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(All))]
    public void Values_and_gradients_are_the_same_in_both_layouts(GradientCase c)
    {
        ArgumentNullException.ThrowIfNull(c);
        // Tanh before and behind keeps the operator inside the laid part of the graph, as in a network.
        Value output = c.Apply([.. c.Inputs.Select(x => x.Tanh())]).Tanh();
        Value[] leaves = [.. Traversal.Leaves([output]).Where(v => v is not Constant)];
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(leaves.Select(leaf => (leaf, Tensors.Uniform($"{c.Name}/{leaf.Name}", leaf.Shape.Sizes()))));
        Value loss = (output * output).Sum(output.AllAxes());
        IReadOnlyList<Value> usual = [loss, output, .. Gradient.Of(loss, leaves)];
        IReadOnlyList<Value> last = BatchLastLayout.Apply(usual, c.Inputs[0].Shape[0].Size);

        IReadOnlyList<TensorData> expected = GraphRunner.Evaluate(usual, feeds), actual = GraphRunner.Evaluate(last, feeds);

        Assert.Multiple(() =>
        {
            for (int i = 0; i < expected.Count; i++)
            {
                Assert.That(actual[i].Dims, Is.EqualTo(expected[i].Dims), $"value {i}");
                Assert.That(Tensors.Error(actual[i].Floats(), expected[i].Floats()), Is.LessThan(2e-6), $"value {i}");
            }
        });
    }
}

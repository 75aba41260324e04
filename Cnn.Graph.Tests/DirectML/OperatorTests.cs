using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>Every operator, forward and backward, on DirectML against the CPU.</summary>
[DirectML]
public class OperatorTests
{
    private static IEnumerable<TestCaseData> Families =>
        GradientCases.Families.Select(family => new TestCaseData(family.Cases).SetArgDisplayNames(family.Name));

    /// <summary>All cases of a family are one model, because a session takes much longer to create than to run.</summary>
    [TestCaseSource(nameof(Families))]
    public void Values_and_gradients_are_those_of_the_CPU(IReadOnlyList<GradientCase> cases)
    {
        (Value Weights, TensorData Numbers)[] weights = [.. cases.Select(Weights)];
        (GradientCase Case, Value Value)[] all = [.. cases.SelectMany((c, i) => ValuesAndGradients(c, weights[i].Weights).Select(v => (c, v)))];
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds([.. cases.SelectMany(c => c.Feeds).Select(f => (f.Key, f.Value)), .. weights]);
        IReadOnlyList<TensorData> expected = Run(Device.Cpu), actual = Run(Device.DirectML());
        Assert.Multiple(() =>
        {
            foreach ((int i, (GradientCase c, _)) in all.Index())
            {
                float[] right = expected[i].Floats();
                Assert.That(actual[i].Floats(), Is.EqualTo(right).Within(1e-5 * Math.Max(1, right.Max(Math.Abs))), c.Name);
            }
        });

        IReadOnlyList<TensorData> Run(Device device)
        {
            using var runner = new GraphRunner([.. all.Select(v => v.Value)], device: device);
            return runner.Run(feeds);
        }
    }

    /// <summary>The weights of the outputs are fed, as in training nothing of a gradient is a constant that could be folded away.</summary>
    private static (Value Weights, TensorData Numbers) Weights(GradientCase c)
    {
        long[] dims = c.Output.Shape.Sizes();
        return (new Input(Label.Fixed("r"), c.Output.Type), Tensors.Uniform("r", dims));
    }

    private static IEnumerable<Value> ValuesAndGradients(GradientCase c, Value weights) =>
        [c.Output, .. Gradient.Of((c.Output * weights).Sum(c.Output.AllAxes()), c.Leaves)];
}

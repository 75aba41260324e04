using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Support;

/// <summary>Operators on a device against the CPU, forward and backward.</summary>
internal static class DeviceOperators
{
    /// <summary>All cases of a family are one model, because a session takes much longer to create than to run.</summary>
    public static void RequireAlike(Device device, IReadOnlyList<GradientCase> cases)
    {
        (Value Weights, TensorData Numbers)[] weights = [.. cases.Select(Weights)];
        (GradientCase Case, Value Value)[] all = [.. cases.SelectMany((c, i) => ValuesAndGradients(c, weights[i].Weights).Select(v => (c, v)))];
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds([.. cases.SelectMany(c => c.Feeds).Select(f => (f.Key, f.Value)), .. weights]);
        IReadOnlyList<TensorData> expected = Run(Device.Cpu), actual = Run(device);
        Assert.Multiple(() =>
        {
            foreach ((int i, (GradientCase c, _)) in all.Index())
            {
                float[] right = expected[i].Floats();
                Assert.That(actual[i].Floats(), Is.EqualTo(right).Within(1e-5 * Math.Max(1, right.Max(Math.Abs))), c.Name);
            }
        });

        IReadOnlyList<TensorData> Run(Device where)
        {
            using var runner = new GraphRunner([.. all.Select(v => v.Value)], device: where);
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

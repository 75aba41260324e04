using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Interop;

/// <summary>The layers with weights of a network.</summary>
internal static class NetworkSkeleton
{
    public static WeightSkeleton<Variable> Of(Network network)
    {
        var skeleton = new WeightSkeleton<Variable>();
        var steps = new Dictionary<Value, int>(ReferenceEqualityComparer.Instance);
        foreach (Node node in network.Nodes)
        {
            int step = skeleton.Add(
                [.. node.Inputs.Where(steps.ContainsKey).Select(i => steps[i])], node.Op is Add or Mul or Max or Min, LayerOf(node));
            foreach (Value output in node.Outputs)
            {
                steps[output] = step;
            }
        }

        skeleton.Result = steps.TryGetValue(network.Outputs[0], out int result) ? result : null;
        return skeleton;
    }

    /// <summary>What the layer that reads a variance adds to it; null for other variables.</summary>
    public static Dictionary<Variable, float> Epsilons(Network network) => network.Nodes
        .Where(n => n.Op is BatchNorm && n.Inputs[4] is Variable)
        .DistinctBy(n => n.Inputs[4])
        .ToDictionary(n => (Variable)n.Inputs[4], n => ((BatchNorm)n.Op).Epsilon);

    private static WeightLayer<Variable>? LayerOf(Node node)
    {
        (WeightLayerKind kind, WeightRole[] roles)? known = node.Op switch
        {
            Conv or Gemm => (WeightLayerKind.Product, [WeightRole.Weight, WeightRole.Bias]),
            ConvTranspose => (WeightLayerKind.TransposedProduct, [WeightRole.Weight, WeightRole.Bias]),
            BatchNorm => (WeightLayerKind.BatchNorm, [WeightRole.Scale, WeightRole.Shift, WeightRole.Mean, WeightRole.Variance]),
            SampleNormalization => (WeightLayerKind.SampleNorm, [WeightRole.Scale, WeightRole.Shift]),
            PRelu => (WeightLayerKind.Rectifier, [WeightRole.Weight]),
            _ => null,
        };
        if (known is not { } layer)
        {
            return null;
        }

        var tensors = layer.roles.Zip(node.Inputs.Skip(1)).Where(t => t.Second is Variable).ToDictionary(t => t.First, t => (Variable)t.Second);
        return tensors.Count == 0 ? null : new WeightLayer<Variable>(node.Name, layer.kind, tensors.Values.First().Shape.Sizes(), tensors);
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>
/// Batch normalisation in use scales and shifts each channel by fixed numbers, so a convolution or dense layer before it can do that work:
/// w' = w · scale / √(variance + ε), b' = (b − mean) · scale / √(variance + ε) + shift.
/// </summary>
internal sealed class BatchNormFolding
{
    private readonly Dictionary<Value, int> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, TensorData> _weights;

    private BatchNormFolding(Model model)
    {
        _weights = new Dictionary<string, TensorData>(model.Weights);
        foreach (Value value in model.Network.Nodes.SelectMany(n => n.Inputs).Concat(model.Network.Outputs))
        {
            _uses[value] = _uses.GetValueOrDefault(value) + 1;
        }
    }

    /// <summary>
    /// The same function with fewer layers. A normalisation stays that follows another layer, or one whose output or weights others use
    /// too.
    /// </summary>
    public static Model Apply(Model model)
    {
        var folding = new BatchNormFolding(model);
        Network network = model.Network.Rewrite((node, inputs) => folding.IsFoldable(node) ? [folding.Fold(node, inputs[0].Producer!)] : null);
        HashSet<string> kept = [.. network.Variables.Select(v => v.Name)];
        return new Model(network, folding._weights.Where(w => kept.Contains(w.Key)).ToDictionary()) { Card = model.Card };
    }

    private bool IsFoldable(Node norm) =>
        norm.Op is BatchNorm
        && norm.Inputs[0].Producer is { Op: Conv or Gemm { TransposeA: false, TransposeB: true, Alpha: 1, Beta: 1 } } layer
        && layer.Inputs[1] is Parameter
        && _uses[layer.Output] == 1 && layer.Inputs.Skip(1).All(p => _uses[p] == 1);

    private Value Fold(Node norm, Node layer)
    {
        float[] scale = NumbersOf(norm.Inputs[1]), shift = NumbersOf(norm.Inputs[2]), mean = NumbersOf(norm.Inputs[3]), variance = NumbersOf(norm.Inputs[4]);
        float epsilon = ((BatchNorm)norm.Op).Epsilon;
        double[] factors = [.. scale.Zip(variance, (s, v) => s / Math.Sqrt((double)v + epsilon))];

        var weight = (Parameter)layer.Inputs[1];
        TensorData kernels = _weights[weight.Name];
        float[] numbers = kernels.Span<float>().ToArray();
        int perChannel = numbers.Length / factors.Length;
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)(numbers[i] * factors[i / perChannel]);
        }

        float[] before = layer.Inputs.Count > 2 ? NumbersOf(layer.Inputs[2]) : new float[factors.Length];
        float[] after = [.. factors.Select((f, c) => (float)((((double)before[c] - mean[c]) * f) + shift[c]))];
        var bias = new Parameter(Label.Fixed($"{layer.Name}/bias"), TensorType.Float(after.Length), Initializer.Zero, ParameterRole.Bias);
        _weights[weight.Name] = TensorData.Of<float>(numbers, kernels.Dims);
        _weights[bias.Name] = TensorData.Of<float>(after, [after.Length]);
        return new Node(layer.Op, layer.Label, [layer.Inputs[0], weight, bias]).Output;
    }

    private float[] NumbersOf(Value value) => (value is Constant constant ? constant.Data : _weights[value.Name]).Span<float>().ToArray();
}

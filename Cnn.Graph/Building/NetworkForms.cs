using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>A network as it is trained.</summary>
/// <param name="Network">The network; noise such as dropout masks is an input of it.</param>
/// <param name="Updates">What its layers gather in every step, besides what the optimiser moves.</param>
internal sealed record TrainingForm(Network Network, IReadOnlyList<Update> Updates);

/// <summary>Layers that act otherwise in training are written as they act in use; this is the other form.</summary>
internal static class NetworkForms
{
    /// <summary>The network as it is trained.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rests">Which parameters rest; none by default. A batch normalisation of which all do acts as it does in use.</param>
    public static TrainingForm ForTraining(this Network network, Func<Parameter, bool>? rests = null)
    {
        var noise = new NoiseInputs();
        var statistics = new BatchStatistics();
        IReadOnlyList<Value> outputs = new Rewriter(Rule(noise, statistics, rests ?? (_ => false))).Rewrite(network.Outputs);
        return new TrainingForm(new Network(network.Name, [.. network.Inputs, .. noise.Drawn], outputs), statistics.Updates);
    }

    /// <summary>A value as it is in training.</summary>
    public static Value InTraining(Value value) => new Rewriter(Rule(new NoiseInputs(), new BatchStatistics(), _ => false)).Rewrite(value);

    private static Func<Node, IReadOnlyList<Value>, IReadOnlyList<Value>?> Rule(
        NoiseInputs noise, BatchStatistics statistics, Func<Parameter, bool> rests) => (node, x) => node.Op switch
    {
        BatchNorm when x.OfType<Parameter>().Any() && x.OfType<Parameter>().All(rests) => null,
        Dropout op => new Node(new Mul(), node.Label, [x[0], noise.For(op, $"{node.Name}/mask", op.MaskFor(x[0].Type), op.Mask)]).Outputs,
        StochasticPool op => new Node(op, node.Label, [x[0], noise.For(op, $"{node.Name}/noise", node.Output.Type, new UniformNoise())]).Outputs,
        StochasticPoolGradient op => new Node(op, node.Label, [.. x, noise.Of(op.Pool)]).Outputs,
        BatchNorm { Average: { } average } op => [statistics.Apply(op, average, node, x)],
        _ => null,
    };

    /// <summary>
    /// Noise is an input of the graph, drawn from the seed by whoever runs it, because not every device can draw random numbers: dropout
    /// multiplies by a mask, stochastic pooling chooses by uniform numbers. One operator has one such input, however many nodes it stands
    /// in: its gradient drops what it dropped.
    /// </summary>
    private sealed class NoiseInputs
    {
        private readonly Dictionary<Operator, Input> _inputs = new(ReferenceEqualityComparer.Instance);

        public IEnumerable<Input> Drawn => _inputs.Values;

        public Input Of(Operator op) => _inputs[op];

        public Input For(Operator op, string name, TensorType type, Noise how) =>
            _inputs.TryGetValue(op, out Input? drawn) ? drawn : _inputs[op] = new Input(Label.Fixed(name), type, how);
    }
}

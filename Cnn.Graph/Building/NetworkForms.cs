using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>Layers that act in training only are written as they act in use; this is the other form.</summary>
internal static class NetworkForms
{
    /// <summary>
    /// The network as it is trained. Noise is an input of the graph, drawn from the seed by whoever runs it, because not every device can
    /// draw random numbers: dropout multiplies by a mask, stochastic pooling chooses by uniform numbers. One operator has one such
    /// input, however many nodes it stands in: its gradient drops what it dropped.
    /// </summary>
    public static Network ForTraining(this Network network)
    {
        var noise = new Dictionary<Operator, Input>(ReferenceEqualityComparer.Instance);
        Network trained = network.Rewrite((node, inputs) => node.Op switch
        {
            Dropout op =>
                new Node(new Mul(), node.Label, [inputs[0], Drawn(op, $"{node.Name}/mask", op.MaskFor(inputs[0].Type), op.Mask)]).Outputs,
            StochasticPool op =>
                new Node(op, node.Label, [inputs[0], Drawn(op, $"{node.Name}/noise", node.Output.Type, new UniformNoise())]).Outputs,
            StochasticPoolGradient op => new Node(op, node.Label, [.. inputs, noise[op.Pool]]).Outputs,
            _ => null,
        });
        return new Network(trained.Name, [.. trained.Inputs, .. noise.Values], trained.Outputs);

        Input Drawn(Operator op, string name, TensorType type, Noise how) =>
            noise.TryGetValue(op, out Input? drawn) ? drawn : noise[op] = new Input(Label.Fixed(name), type, how);
    }
}

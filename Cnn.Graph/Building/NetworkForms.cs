using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>Layers that act in training only are written as they act in use; this is the other form.</summary>
internal static class NetworkForms
{
    /// <summary>
    /// The network as it is trained. Dropout multiplies by a mask that is an input of the graph: 1 / (1 − rate) where an element is kept,
    /// else 0, drawn from the seed by whoever runs the graph, because not every device can draw random numbers. One operator has one
    /// mask, however many nodes it stands in: its gradient drops what it dropped.
    /// </summary>
    public static Network ForTraining(this Network network)
    {
        var masks = new Dictionary<Operator, Input>(ReferenceEqualityComparer.Instance);
        Network trained = network.Rewrite((node, inputs) =>
        {
            if (node.Op is not Dropout dropout)
            {
                return null;
            }

            if (!masks.TryGetValue(dropout, out Input? mask))
            {
                masks[dropout] = mask = new Input(Label.Fixed($"{node.Name}/mask"), inputs[0].Type, InputKind.DropoutMask, 1 - dropout.Rate);
            }

            return [new Node(new Mul(), node.Label, [inputs[0], mask]).Output];
        });
        return new Network(trained.Name, [.. trained.Inputs, .. masks.Values], trained.Outputs);
    }
}

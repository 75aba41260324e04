using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>Layers behave differently in training and in use; these are the two forms of a network.</summary>
internal static class NetworkForms
{
    /// <summary>The network as it is used: layers that only act in training are gone.</summary>
    public static Network ForInference(this Network network) =>
        network.Rewrite((node, inputs) => node.Op is Dropout ? [inputs[0]] : null);

    /// <summary>
    /// The network as it is trained. Dropout multiplies by a mask that is an input of the graph: 1 / (1 − rate) where an element is kept,
    /// else 0, drawn from the seed by whoever runs the graph, because not every device can draw random numbers.
    /// </summary>
    public static Network ForTraining(this Network network)
    {
        var masks = new List<Input>();
        Network trained = network.Rewrite((node, inputs) =>
        {
            if (node.Op is not Dropout dropout)
            {
                return null;
            }

            var mask = new Input(Label.Fixed($"{node.Name}/mask"), inputs[0].Type, InputKind.DropoutMask, 1 - dropout.Rate);
            masks.Add(mask);
            return [new Node(new Mul(), node.Label, [inputs[0], mask]).Output];
        });
        return new Network(trained.Name, [.. trained.Inputs, .. masks], trained.Outputs);
    }
}

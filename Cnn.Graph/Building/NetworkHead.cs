using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Building;

/// <summary>The last layers of a network, which decide on its classes.</summary>
internal static class NetworkHead
{
    /// <summary>For each output, the last dense layer or convolution before it.</summary>
    /// <exception cref="CnnGraphException">An output comes from no such layer alone.</exception>
    public static IReadOnlyList<Node> Of(Network network)
    {
        return [.. network.Outputs.Select(Last).Distinct()];

        Node Last(Value output)
        {
            Value value = output;
            while (value.Producer is { } node)
            {
                if (node.Op is Conv { Groups: 1 } or Gemm { TransposeB: true } && node.Inputs[1] is Parameter)
                {
                    return node;
                }

                // What lies behind the head works on each class alike or arranges them.
                Value[] made = [.. node.Inputs.Where(i => i is not Constant)];
                if (made is not [Value before])
                {
                    break;
                }

                value = before;
            }

            throw new CnnGraphException(
                $"The output '{output.Name}' of '{network.Name}' does not come from a dense layer or a convolution alone, so that it has no head to replace.");
        }
    }

    /// <summary>The variables of the heads.</summary>
    public static IEnumerable<Variable> Variables(Network network) => Of(network).SelectMany(n => n.Inputs).OfType<Variable>();

    public static Model Replace(Model model, int classes, long seed)
    {
        if (classes < 1)
        {
            throw new CnnGraphException($"`classes` (={classes}) must be at least 1.");
        }

        var drawn = new Dictionary<string, TensorData>(model.Weights);
        HashSet<Node> heads = [.. Of(model.Network)];
        Network network = model.Network.Rewrite((node, inputs) => heads.Contains(node)
            ? new Node(node.Op, node.Label, [.. inputs.Select((input, i) => i > 0 && node.Inputs[i] is Parameter p ? Resized(p) : input)]).Outputs
            : null);
        return new Model(network, drawn)
        {
            // The names of the classes are those of the old ones.
            Card = model.Card with { LabelNames = [] },
        };

        Parameter Resized(Parameter old)
        {
            var type = new TensorType(old.Type.Element, new Shape([classes, .. old.Shape.Skip(1)]));
            var anew = new Parameter(old.Label, type, old.Initializer, old.Role);
            drawn[anew.Name] = anew.Initializer.Draw(anew, seed);
            return anew;
        }
    }
}

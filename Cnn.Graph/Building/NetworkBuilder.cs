using Cnn.Graph.Building;
using Cnn.Graph.Ir;

namespace Cnn.Graph;

/// <summary>Finishes fluent chains.</summary>
public static class NetworkBuilder
{
    /// <summary>Makes a network of everything that leads to this value. Layers without a name get their numbers now.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="name">What people call the network.</param>
    /// <exception cref="GraphException">Something does not fit; the message lists every fault of the whole graph.</exception>
    public static Network Build(this Value output, string name) => Build([output], name);

    /// <summary>Makes a network with several outputs, the main one first.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="name">What people call the network.</param>
    /// <exception cref="GraphException">Something does not fit; the message lists every fault of the whole graph.</exception>
    public static Network Build(IReadOnlyList<Value> outputs, string name)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Naming(name, outputs).Finish();
    }

    /// <summary>
    /// Lays the layers that <paramref name="layers"/> adds in a block, so that their names start with its: <c>inception_4a/3x3</c>.
    /// </summary>
    /// <param name="input">What the block takes.</param>
    /// <param name="name">The block's name.</param>
    /// <param name="layers">Adds the layers.</param>
    /// <returns>What the block gives.</returns>
    public static Value Block(this Value input, string name, Func<Value, Value> layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(layers);
        using (Label.For(name, name).Enter())
        {
            return layers(input);
        }
    }
}

using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Training;

namespace Cnn.Graph.Analysis;

/// <summary>
/// What training has to keep in memory, as told by the graph of a step: what it takes at least, without what comes and goes beside it.
/// </summary>
/// <param name="SampleBytes">
/// Bytes for each sample of the batch: what the forward pass computes, its inputs and dropout masks among them, and the backward pass takes
/// again. Reshapes count no second time. What does not grow with the batch, such as its means and variances, is not counted.
/// </param>
/// <param name="ParameterBytes">Bytes of all that the network stores: parameters and running statistics.</param>
/// <param name="GradientBytes">Bytes of the gradients of the parameters that are trained.</param>
/// <param name="StateBytes">Bytes of what the optimiser keeps beside the parameters, such as velocities.</param>
public sealed record TrainingMemory(long SampleBytes, long ParameterBytes, long GradientBytes, long StateBytes)
{
    /// <summary>What training a network keeps.</summary>
    /// <param name="network">The network; its batch must not be bound.</param>
    /// <param name="loss">The loss on its outputs.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <exception cref="CnnGraphException">
    /// The batch is bound, the loss does not fit the network's output, or an operator has no gradient.
    /// </exception>
    public static TrainingMemory Of(Network network, Loss loss, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (network.Inputs.All(i => i.Shape.IsStatic))
        {
            throw new CnnGraphException(
                $"The batch of '{network.Name}' is bound, so that nothing tells its samples apart. Measure the network before WithBatch.");
        }

        TrainGraph graph = TrainGraph.Of(network, loss, optimizer);
        var forward = Traversal.TopologicalOrder([graph.Loss, .. graph.Correct is null ? [] : new[] { graph.Correct }]).ToHashSet();
        IEnumerable<Node> backward = Traversal.TopologicalOrder(graph.Updates.Select(u => u.Next)).Where(node => !forward.Contains(node));
        var kept = new HashSet<Value>(ReferenceEqualityComparer.Instance);
        foreach (Value value in backward.SelectMany(Read).Where(v => v is Input || (v.Producer is { } maker && forward.Contains(maker))))
        {
            kept.Add(ForwardMemory.Buffer(value));
        }

        return new TrainingMemory(
            kept.Where(v => !v.Shape.IsStatic).Sum(ForwardMemory.Bytes),
            network.Variables.Sum(ForwardMemory.Bytes),
            graph.Updates.Select(u => u.Variable).OfType<Parameter>().Sum(ForwardMemory.Bytes),
            graph.Updates.Select(u => u.Variable).OfType<State>().Sum(ForwardMemory.Bytes));
    }

    /// <summary>The bytes that training takes with batches of a size, at least.</summary>
    /// <param name="batch">The number of samples.</param>
    public long Bytes(int batch) => (SampleBytes * batch) + ParameterBytes + GradientBytes + StateBytes;

    /// <summary>What a node takes the numbers of; of some only the shape matters.</summary>
    private static IEnumerable<Value> Read(Node node) => node.Op switch
    {
        BroadcastLike => node.Inputs.Take(1),
        ElementCount => [],
        _ => node.Inputs,
    };
}

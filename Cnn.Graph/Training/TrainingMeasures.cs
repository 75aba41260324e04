using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Training;

/// <summary>What training costs.</summary>
public static class TrainingMeasures
{
    extension(TrainingMemory)
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
                    $"The batch of '{network.Name}' is bound, so that nothing tells its samples apart. " +
                    "Measure the network before WithBatch.");
            }

            TrainGraph graph = TrainGraph.Of(network, loss, optimizer);
            var forward = Traversal.TopologicalOrder([graph.Loss, .. graph.Correct is null ? [] : new[] { graph.Correct }]).ToHashSet();
            IEnumerable<Node> backward = Traversal.TopologicalOrder(graph.Updates.Select(u => u.Next)).Where(n => !forward.Contains(n));
            var kept = new HashSet<Value>(ReferenceEqualityComparer.Instance);
            foreach (Value value in backward.SelectMany(Read))
            {
                if (value is Input || (value.Producer is { } maker && forward.Contains(maker)))
                {
                    kept.Add(ForwardMemory.Buffer(value));
                }
            }

            return new TrainingMemory(
                kept.Where(v => !v.Shape.IsStatic).Sum(ForwardMemory.Bytes),
                network.Variables.Sum(ForwardMemory.Bytes),
                graph.Updates.Select(u => u.Variable).OfType<Parameter>().Sum(ForwardMemory.Bytes),
                graph.Updates.Select(u => u.Variable).OfType<State>().Sum(ForwardMemory.Bytes));
        }
    }

    /// <summary>What a node takes the numbers of; of some only the shape matters.</summary>
    private static IEnumerable<Value> Read(Node node) => node.Op switch
    {
        BroadcastLike => node.Inputs.Take(1),
        ElementCount => [],
        _ => node.Inputs,
    };
}

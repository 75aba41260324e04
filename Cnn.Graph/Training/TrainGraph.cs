using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Training;

/// <summary>
/// One step of training as a graph: forward pass, loss, gradients and the optimiser's updates. It takes the batch, its targets, the
/// learning rate and the present value of every variable, and gives the loss and every variable's next value.
/// </summary>
internal sealed class TrainGraph
{
    private TrainGraph(IReadOnlyList<Input> inputs, Input learningRate, Value loss, Value? correct, IReadOnlyList<Update> updates, IReadOnlyList<Variable> frozen)
    {
        Inputs = inputs;
        LearningRate = learningRate;
        Loss = loss;
        Correct = correct;
        Updates = updates;
        Frozen = frozen;
    }

    /// <summary>What is fed anew at every step: the batch, its target, the learning rate, noise.</summary>
    public IReadOnlyList<Input> Inputs { get; }

    public Input LearningRate { get; }

    /// <summary>The mean loss of the batch before the step.</summary>
    public Value Loss { get; }

    /// <summary>How many samples were answered rightly before the step, or null where the loss has no such notion.</summary>
    public Value? Correct { get; }

    /// <summary>
    /// Every variable with its value after the step: parameters first, in the network's order, then statistics and states.
    /// </summary>
    public IReadOnlyList<Update> Updates { get; }

    /// <summary>Parameters and statistics that are used but stay as they are.</summary>
    public IReadOnlyList<Variable> Frozen { get; }

    public IEnumerable<Variable> Variables => Updates.Select(u => u.Variable);

    /// <param name="network">The network; its batch may be bound or not.</param>
    /// <param name="loss">The loss on its first output.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="lossScale">What the loss is multiplied by at first while gradients are taken, for 16 bits; null for not at all.</param>
    /// <exception cref="CnnGraphException">The loss does not fit the network's output, or an operator has no gradient.</exception>
    public static TrainGraph Of(Network network, Loss loss, Optimizer optimizer, double? lossScale = null)
    {
        LossGraph graph = LossGraph.ForTraining(network, loss, optimizer);
        var rate = new Input(Label.Fixed("learning_rate"), TensorType.Float(), InputKind.Scalar);
        IReadOnlyList<Update> updates = lossScale is { } first
            ? ScaledUpdates(graph, optimizer, rate, new LossScale(first))
            : [.. optimizer.Updates(graph.Gradients(optimizer), rate), .. graph.Gathered];
        Variable[] frozen = [.. graph.Network.Variables.Except(updates.Select(u => u.Variable))];
        return new TrainGraph(
            [.. graph.Data, rate, .. graph.Noise], rate, graph.Loss, graph.Correct, [.. updates.OrderBy(u => Rank(u.Variable))], frozen);
    }

    private static IReadOnlyList<Update> ScaledUpdates(LossGraph graph, Optimizer optimizer, Value rate, LossScale scale)
    {
        IReadOnlyList<ParameterGradient> gradients = scale.Removed(graph.Gradients(optimizer, scale.Applied(graph.Loss)));
        return scale.Guarded([.. optimizer.Updates(gradients, rate), .. graph.Gathered], gradients);
    }

    private static int Rank(Variable variable) => variable switch { Parameter => 0, Statistic => 1, _ => 2 };
}

using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Training;

/// <summary>A network with its loss: what training begins with in every form that it is written down in.</summary>
/// <param name="Network">The network as it is trained, or as it is used; noise such as dropout masks is an input of it.</param>
/// <param name="Target">What the outputs should have been.</param>
/// <param name="Loss">The mean loss of the batch.</param>
/// <param name="Correct">How many samples are answered rightly, or null where the loss has no such notion.</param>
/// <param name="Gathered">What layers gather in training, such as running means.</param>
internal sealed record LossGraph(Network Network, Input Target, Value Loss, Value? Correct, IReadOnlyList<Update> Gathered)
{
    /// <summary>The batch and its target.</summary>
    public IEnumerable<Input> Data => [.. Network.Inputs.Where(i => i.Kind == InputKind.Data), Target];

    /// <summary>Random numbers that are drawn anew at every run.</summary>
    public IEnumerable<Input> Noise => Network.Inputs.Where(i => i.Kind == InputKind.Noise);

    /// <summary>The network as it is trained; normalisations that the optimiser leaves as they are act as in use.</summary>
    /// <exception cref="CnnGraphException">The loss does not fit the network's output.</exception>
    public static LossGraph ForTraining(Network network, Loss loss, Optimizer optimizer)
    {
        TrainingForm form = network.ForTraining(optimizer.Rests);
        return Of(form.Network, loss, form.Updates);
    }

    /// <summary>The network as it is used.</summary>
    /// <exception cref="CnnGraphException">The loss does not fit the network's output.</exception>
    public static LossGraph ForUse(Network network, Loss loss) => Of(network, loss, []);

    /// <summary>The parameters that an optimiser trains, each with the gradient of the loss.</summary>
    /// <exception cref="CnnGraphException">
    /// An operator has no gradient, a group of the optimiser names no parameter, or every parameter is frozen.
    /// </exception>
    public IReadOnlyList<ParameterGradient> Gradients(Optimizer optimizer) => Gradients(optimizer, Loss);

    /// <inheritdoc cref="Gradients(Optimizer)"/>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="loss">What to take the gradients of: the loss, or what was made of it.</param>
    public IReadOnlyList<ParameterGradient> Gradients(Optimizer optimizer, Value loss)
    {
        optimizer.Groups.RequireMatches(Network);
        Parameter[] moved = [.. Network.Parameters.Where(optimizer.Trains)];
        if (moved.Length == 0)
        {
            throw new CnnGraphException($"Nothing of '{Network.Name}' is left to train: every parameter is frozen.");
        }

        IReadOnlyList<Value> gradients = Gradient.Of(loss, moved);
        return [.. moved.Select((p, i) => new ParameterGradient(p, gradients[i]))];
    }

    private static LossGraph Of(Network network, Loss loss, IReadOnlyList<Update> gathered)
    {
        Value output = network.Outputs[0];
        Input target = loss.Target(output);
        using (Label.Fixed("loss").Enter())
        {
            Value scalar = loss.Penalties.AddTo(loss.Of(network.Outputs, target), network.Parameters);
            return new LossGraph(network, target, scalar, loss.CountCorrect(output, target), gathered);
        }
    }
}

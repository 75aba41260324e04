using Cnn.Graph.Ir;

namespace Cnn.Graph.Optimizers;

/// <summary>A parameter and the gradient of the loss with respect to it.</summary>
internal readonly record struct ParameterGradient(Parameter Parameter, Value Gradient);

/// <summary>What an optimiser needs to move one parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Gradient">Its gradient, clipped.</param>
/// <param name="Rate">The learning rate of this step for this parameter, a scalar.</param>
/// <param name="Decay">The weight decay for this parameter.</param>
/// <param name="Shared">States that all parameters share.</param>
internal sealed record StepInput(Parameter Parameter, Value Gradient, Value Rate, double Decay, SharedStates Shared)
{
    /// <summary>The gradient of the loss with its L2 penalty: g + decay·w.</summary>
    public Value Decayed => Decay == 0 ? Gradient : Gradient + (Decay * Parameter);

    /// <summary>The parameter after decoupled decay: w − rate·decay·w.</summary>
    public Value Shrunk => Decay == 0 ? Parameter : Parameter - (Rate * (Decay * Parameter));

    /// <summary>A tensor kept beside the parameter.</summary>
    public State State(string name, double initial = 0) => new(Parameter.Label.Child(name), Parameter.Type, Initializer.Constant(initial));
}

/// <summary>Scalars that an optimiser keeps once for all parameters, such as the sum of a running average's weights.</summary>
internal sealed class SharedStates
{
    private readonly Dictionary<string, Update> _updates = [];

    public IEnumerable<Update> Updates => _updates.Values;

    /// <summary>The name of a shared state in checkpoints and graphs.</summary>
    public static string NameOf(string name) => $"optimizer/{name}";

    /// <summary>
    /// What the weights of a running average m ← beta·m + (1 − beta)·x that started at zero sum to after this step, 1 − beta to the power
    /// of the step: the average of ones. Kept as such because the difference of powers would lose digits in the first steps.
    /// </summary>
    public Value WeightSum(string name, double beta)
    {
        if (!_updates.TryGetValue(name, out Update update))
        {
            var sum = new State(Label.Fixed(NameOf(name)), TensorType.Float(), Initializer.Zero);
            _updates[name] = update = new Update(sum, (beta * sum) + (1 - beta));
        }

        return update.Next;
    }
}

using System.Runtime.CompilerServices;
using Cnn.Graph.Ir;

namespace Cnn.Graph;

/// <summary>
/// How parameters follow their gradients. An optimiser is a graph builder: it adds the update of each parameter, and of what it keeps
/// beside it, to the same graph as the gradients. The learning rate is an input of that graph, so that a schedule can set it.
/// </summary>
public abstract record Optimizer
{
    private protected Optimizer(double learningRate) => LearningRate = Require(learningRate, double.IsFinite(learningRate) && learningRate > 0, "a finite number above 0");

    /// <summary>The learning rate that a schedule starts from.</summary>
    public double LearningRate { get; }

    /// <summary>
    /// Stochastic gradient descent with momentum in the form of PyTorch: v ← momentum·v + g + weightDecay·w, w ← w − rate·v, with v = 0 at first.
    /// </summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="momentum">How much of the last step is kept; 0 ≤ momentum &lt; 1.</param>
    /// <param name="weightDecay">The L2 penalty's factor, added to the gradient of every parameter; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer Sgd(double learningRate = 0.01, double momentum = 0, double weightDecay = 0) => new Sgd(learningRate, momentum, weightDecay);

    /// <summary>The new value of a parameter and of the optimiser's states for it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">The gradient of the loss with respect to it.</param>
    /// <param name="learningRate">The rate of this step, a scalar.</param>
    internal abstract IEnumerable<Update> Step(Parameter parameter, Value gradient, Value learningRate);

    private protected static double Require(double value, bool isRight, string expected, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        isRight ? value : throw new ArgumentOutOfRangeException(name, value, $"`{name}` (={value}) must be {expected}.");
}

/// <summary>The value that a variable takes after a step.</summary>
/// <param name="Variable">A parameter or a state.</param>
/// <param name="Next">Its new value.</param>
internal readonly record struct Update(Variable Variable, Value Next);

internal sealed record Sgd : Optimizer
{
    public Sgd(double learningRate, double momentum, double weightDecay)
        : base(learningRate)
    {
        Momentum = Require(momentum, momentum is >= 0 and < 1, "at least 0 and below 1");
        WeightDecay = Require(weightDecay, weightDecay >= 0 && double.IsFinite(weightDecay), "a finite number of at least 0");
    }

    public double Momentum { get; }

    public double WeightDecay { get; }

    internal override IEnumerable<Update> Step(Parameter parameter, Value gradient, Value learningRate)
    {
        Value step = WeightDecay == 0 ? gradient : gradient + (WeightDecay * parameter);
        if (Momentum > 0)
        {
            var velocity = new State(parameter.Label.Child("velocity"), parameter.Type, Initializer.Zero);
            step = (Momentum * velocity) + step;
            yield return new Update(velocity, step);
        }

        yield return new Update(parameter, parameter - (learningRate * step));
    }
}


namespace Cnn.Graph.Ir;

/// <summary>A value that lasts from one run to the next: a parameter, a statistic of a layer, or a state of the optimiser.</summary>
public abstract class Variable : Value
{
    private protected Variable(Label label, TensorType type, Initializer initializer)
        : base(type, label) => Initializer = initializer;

    /// <summary>How its first numbers are drawn.</summary>
    public Initializer Initializer { get; }

    /// <summary>The same variable under another name.</summary>
    internal abstract Variable Renamed(Label label);
}

/// <summary>What a parameter does in its layer; weight decay and rates may depend on it.</summary>
public enum ParameterRole
{
    /// <summary>Multiplies activations: a convolution's kernels, a dense layer's matrix.</summary>
    Weight,

    /// <summary>Is added to activations.</summary>
    Bias,

    /// <summary>Stretches each channel on its own: the gamma of a normalisation, the slope of a parametric rectifier.</summary>
    Scale,
}

/// <summary>A parameter that training adjusts.</summary>
public sealed class Parameter : Variable
{
    internal Parameter(Label label, TensorType type, Initializer initializer, ParameterRole role)
        : base(label, type, initializer) => Role = role;

    /// <summary>What it does in its layer.</summary>
    public ParameterRole Role { get; }

    internal override Parameter Renamed(Label label) => new(label, Type, Initializer, Role);
}

/// <summary>
/// A tensor of a layer that no gradient moves: what it gathers while it is trained and uses afterwards, such as the running mean of batch
/// normalisation, or what is fixed from the start, such as the prototypes of LeNet-5. It is stored with the parameters.
/// </summary>
public sealed class Statistic : Variable
{
    internal Statistic(Label label, TensorType type, Initializer initializer)
        : base(label, type, initializer)
    {
    }

    internal override Statistic Renamed(Label label) => new(label, Type, Initializer);
}

/// <summary>A tensor that the optimiser keeps beside a parameter, such as its velocity.</summary>
public sealed class State : Variable
{
    internal State(Label label, TensorType type, Initializer initializer)
        : base(label, type, initializer)
    {
    }

    internal override State Renamed(Label label) => new(label, Type, Initializer);
}

/// <summary>The value that a variable takes after a step.</summary>
/// <param name="Variable">A parameter, a statistic or a state.</param>
/// <param name="Next">Its new value.</param>
internal readonly record struct Update(Variable Variable, Value Next);


namespace Cnn.Graph.Ir;

/// <summary>A value that lasts from one run to the next: a parameter, or a state of the optimiser.</summary>
public abstract class Variable : Value
{
    private protected Variable(Label label, TensorType type, Initializer initializer)
        : base(type, label) => Initializer = initializer;

    /// <summary>How its first numbers are drawn.</summary>
    public Initializer Initializer { get; }
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
}

/// <summary>A tensor that the optimiser keeps beside a parameter, such as its velocity.</summary>
public sealed class State : Variable
{
    internal State(Label label, TensorType type, Initializer initializer)
        : base(label, type, initializer)
    {
    }
}

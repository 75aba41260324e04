using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Training;

/// <summary>
/// Keeps small gradients out of the range where 16 bits lose them: the loss is multiplied by a scale before gradients are taken, and they
/// are divided by it afterwards. A step whose gradients overflow is left out and the scale halved; after many steps without it is doubled
/// (Micikevicius et al., 2018). A power of two changes no digits. The scale lies with the optimiser's states.
/// At a scale of 1 nothing is left out any more: gradients that are infinite then are the training's own.
/// </summary>
internal sealed class LossScale(double first)
{
    private const double Most = 1 << 24;
    private const int StepsToGrow = 2000;

    // Nothing smaller is left out, and no device's infinity is smaller.
    private const double LargestGradient = 3e38;

    private static readonly string Prefix = SharedStates.NameOf("loss_scale");

    private readonly State _scale = new(Label.Fixed(Prefix), TensorType.Float(), Initializer.Constant(first));
    private readonly State _steps = new(Label.Fixed($"{Prefix}_steps"), TensorType.Float(), Initializer.Zero);

    /// <summary>Whether a checkpoint was trained with one.</summary>
    public static bool IsIn(Checkpoint checkpoint) => checkpoint.Variables.ContainsKey(Prefix);

    /// <summary>A checkpoint of a training in 32 bits, with the states that going on in 16 bits begins with.</summary>
    public static Checkpoint Completed(Checkpoint checkpoint, IEnumerable<Variable> variables)
    {
        var values = new Dictionary<string, TensorData>(checkpoint.Variables);
        foreach (Variable own in variables.Where(v => v.Name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            values.TryAdd(own.Name, own.Initializer.Draw(own, seed: 0));
        }

        return checkpoint with { Variables = values };
    }

    /// <summary>The loss to take gradients of.</summary>
    public Value Applied(Value loss) => loss * _scale;

    /// <summary>The gradients of the loss itself.</summary>
    public IReadOnlyList<ParameterGradient> Removed(IReadOnlyList<ParameterGradient> gradients) =>
        [.. gradients.Select(g => g with { Gradient = g.Gradient / _scale })];

    /// <summary>The updates, none of which happens where a gradient overflowed, and those of the scale.</summary>
    public IReadOnlyList<Update> Guarded(IReadOnlyList<Update> updates, IReadOnlyList<ParameterGradient> gradients)
    {
        using IDisposable scope = Label.Fixed("loss_scale").Enter();
        Value zero = Constants.Scalar(0), one = Constants.Scalar(1);
        Value overflows = gradients.Select(g => Overflows(g.Gradient)).Aggregate((a, b) => a + b);
        Value isSound = (overflows * (_scale - 1)).IsEqual(zero);
        Value steps = isSound.Where(_steps + 1, zero), grows = steps.IsEqual(Constants.Scalar(StepsToGrow));
        Value kept = grows.Where((_scale * 2).Minimum(Most), _scale);
        return
        [
            .. updates.Select(u => u with { Next = isSound.Where(u.Next, u.Variable) }),
            new Update(_scale, isSound.Where(kept, (_scale / 2).Maximum(1))),
            new Update(_steps, grows.Where(zero, steps)),
        ];

        // Counted element by element, because a maximum may pass over what is no number.
        Value Overflows(Value gradient) =>
            gradient.Abs().IsLess(Arithmetic.Number(LargestGradient, gradient)).Where(zero, one).Sum(gradient.AllAxes());
    }
}

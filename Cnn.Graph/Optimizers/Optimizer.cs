using System.Runtime.CompilerServices;
using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph;

/// <summary>
/// How parameters follow their gradients. An optimiser is a graph builder: it adds the update of each parameter, and of what it keeps
/// beside it, to the same graph as the gradients. The learning rate is an input of that graph, so that a schedule can set it.
/// </summary>
public abstract record Optimizer
{
    private protected Optimizer(double learningRate, double weightDecay)
    {
        LearningRate = RequirePositive(learningRate);
        WeightDecay = Require(weightDecay, double.IsFinite(weightDecay) && weightDecay >= 0, "a finite number of at least 0");
    }

    /// <summary>The learning rate that a schedule starts from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a finite number above 0.</exception>
    public double LearningRate
    {
        get;
        init => field = RequirePositive(value, nameof(LearningRate));
    }

    /// <summary>How strongly parameters are drawn to zero; 0 for not at all.</summary>
    public double WeightDecay { get; }

    /// <summary>
    /// What is done to the gradients first; nothing by default. Settings print themselves, so that checkpoints can tell them apart.
    /// </summary>
    public GradientClipping Clipping { get; init; } = GradientClipping.None;

    /// <summary>
    /// Parameters that are treated differently: another rate, no weight decay, frozen. The first group that a parameter is in counts; a
    /// parameter in none is treated as the optimiser says.
    /// </summary>
    public ParameterGroups Groups { get; init; } = new();

    /// <summary>
    /// How many batches make a step; 1 by default, at least 1. The mean of their gradients is what is clipped and followed, so that k
    /// batches of b samples do what one of k·b would where the loss is a mean over the samples; a smaller batch counts like the others.
    /// All else still counts batches as steps: schedules are asked for a rate with every batch, and the rate of the last of the k is the
    /// one that acts; limits on steps, dropout masks and statistics of batch normalisation go by batches too. A pass over the training
    /// set may end between two steps; the next one goes on with the sum.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int AccumulationSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(AccumulationSteps));
            field = value;
        }
    } = 1;

    /// <summary>
    /// How much of the running average of each trained parameter is kept at a step, 0 ≤ decay &lt; 1; null, the default, for no averages.
    /// Their start is taken out, as in Adam. Validation measures the averages, and <see cref="Trainer.AveragedModel"/> holds them, because
    /// they answer better than the parameters of any one step (Polyak &amp; Juditsky, 1992); GoogLeNet and Inception were measured so.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The share lies outside its range.</exception>
    public double? AveragingDecay
    {
        get;
        init => field = value is { } decay ? RequireShare(decay, nameof(AveragingDecay)) : null;
    }

    /// <summary>
    /// Stochastic gradient descent. With d = g + weightDecay·w: v ← momentum·v + d, w ← w − rate·v, with v = 0 at first, in the form of
    /// PyTorch; other forms by <paramref name="form"/>.
    /// </summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="momentum">How much of the last step is kept; 0 ≤ momentum &lt; 1.</param>
    /// <param name="weightDecay">The L2 penalty's factor, added to the gradient; at least 0.</param>
    /// <param name="form">Where the rate and the momentum enter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer Sgd(double learningRate = 0.01, double momentum = 0, double weightDecay = 0, MomentumForm form = MomentumForm.PyTorch) =>
        new Sgd(learningRate, momentum, weightDecay, form);

    /// <summary>
    /// RMSProp (Tieleman &amp; Hinton, 2012): s ← decay·s + (1 − decay)·d², and d / √s in place of d; then momentum. With the defaults the
    /// form of PyTorch (epsilon outside the root, s = 0 at first, the rate behind the momentum); <paramref name="tensorFlow"/> gives
    /// TensorFlow's (epsilon inside the root, s = 1 at first, the rate inside the momentum), with which Inception was trained.
    /// </summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="decay">How much of the mean square is kept; 0 ≤ decay &lt; 1.</param>
    /// <param name="epsilon">Keeps the quotient finite; above 0. Inception used 1.0.</param>
    /// <param name="momentum">How much of the last step is kept; 0 ≤ momentum &lt; 1.</param>
    /// <param name="weightDecay">The L2 penalty's factor, added to the gradient; at least 0.</param>
    /// <param name="tensorFlow">Whether TensorFlow's form is used.</param>
    /// <param name="initialMeanSquare">s at first; 0 in PyTorch's form and 1 in TensorFlow's unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer RmsProp(
        double learningRate = 0.01,
        double decay = 0.99,
        double epsilon = 1e-8,
        double momentum = 0,
        double weightDecay = 0,
        bool tensorFlow = false,
        double? initialMeanSquare = null) =>
        new RmsProp(learningRate, decay, epsilon, momentum, weightDecay, tensorFlow, initialMeanSquare ?? (tensorFlow ? 1 : 0));

    /// <summary>Adagrad (Duchi et al., 2011): s ← s + d², w ← w − rate·d / (√s + epsilon).</summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="epsilon">Keeps the quotient finite; above 0.</param>
    /// <param name="weightDecay">The L2 penalty's factor, added to the gradient; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer Adagrad(double learningRate = 0.01, double epsilon = 1e-10, double weightDecay = 0) =>
        new Adagrad(learningRate, epsilon, weightDecay);

    /// <summary>
    /// Adam (Kingma &amp; Ba, 2015): m ← beta1·m + (1 − beta1)·d, v ← beta2·v + (1 − beta2)·d², both corrected for their start at zero,
    /// w ← w − rate·m / (√v + epsilon). Weight decay is coupled: part of d.
    /// </summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="beta1">How much of the mean gradient is kept; 0 ≤ beta1 &lt; 1.</param>
    /// <param name="beta2">How much of the mean square is kept; 0 ≤ beta2 &lt; 1.</param>
    /// <param name="epsilon">Keeps the quotient finite; above 0.</param>
    /// <param name="weightDecay">The L2 penalty's factor, added to the gradient; at least 0.</param>
    /// <param name="amsGrad">Whether the largest mean square so far divides (Reddi et al., 2018).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer Adam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsGrad = false) =>
        new Adam(learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, isDecoupled: false);

    /// <summary>
    /// AdamW (Loshchilov &amp; Hutter, 2019): Adam whose weight decay is decoupled, w ← w − rate·weightDecay·w beside the step.
    /// </summary>
    /// <param name="learningRate">The rate; above 0.</param>
    /// <param name="beta1">How much of the mean gradient is kept; 0 ≤ beta1 &lt; 1.</param>
    /// <param name="beta2">How much of the mean square is kept; 0 ≤ beta2 &lt; 1.</param>
    /// <param name="epsilon">Keeps the quotient finite; above 0.</param>
    /// <param name="weightDecay">The decay a step, times the rate; at least 0.</param>
    /// <param name="amsGrad">Whether the largest mean square so far divides (Reddi et al., 2018).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static Optimizer AdamW(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsGrad = false) =>
        new Adam(learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, isDecoupled: true);

    /// <summary>Whether training changes a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    internal bool Trains(Parameter parameter) => !(Groups.Of(parameter)?.IsFrozen ?? false);

    /// <summary>Whether a frozen parameter's layer acts as in use.</summary>
    internal bool Rests(Parameter parameter) => Groups.Of(parameter) is { IsFrozen: true, NormalizesByBatch: false };

    /// <summary>The new values of the trained parameters and of the optimiser's states.</summary>
    /// <param name="gradients">The parameters that are trained, each with the gradient of the loss.</param>
    /// <param name="learningRate">The rate of this step, a scalar.</param>
    internal IReadOnlyList<Update> Updates(IReadOnlyList<ParameterGradient> gradients, Value learningRate) =>
        GradientAccumulation.Apply(AccumulationSteps, gradients, means => Follow(means, learningRate));

    private IReadOnlyList<Update> Follow(IReadOnlyList<ParameterGradient> gradients, Value learningRate)
    {
        var shared = new SharedStates();
        var updates = new List<Update>();
        foreach (ParameterGradient clipped in Clipping.Apply(gradients))
        {
            Parameter parameter = clipped.Parameter;
            ParameterGroup? group = Groups.Of(parameter);
            using IDisposable scope = Label.Fixed($"update/{parameter.Name}").Enter();
            Value rate = group is null or { RateFactor: 1 } ? learningRate : learningRate * group.RateFactor;
            updates.AddRange(Step(new StepInput(parameter, clipped.Gradient, rate, WeightDecay * (group?.DecayFactor ?? 1), shared)));
        }

        if (AveragingDecay is { } decay)
        {
            updates.AddRange(ParameterAverage.Of(decay, updates, shared));
        }

        return [.. updates, .. shared.Updates];
    }

    /// <summary>The new value of one parameter and of the states beside it.</summary>
    private protected abstract IEnumerable<Update> Step(StepInput input);

    private protected static double Require(double value, bool isRight, string expected, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        isRight ? value : throw new ArgumentOutOfRangeException(name, value, $"`{name}` (={value}) must be {expected}.");

    private protected static double RequireShare(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Require(value, value is >= 0 and < 1, "at least 0 and below 1", name);

    private protected static double RequirePositive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        Require(value, value > 0 && double.IsFinite(value), "a finite number above 0", name);
}

using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.OrtTraining;

/// <summary>A tensor that ONNX Runtime's optimiser keeps beside a parameter, in terms of the states kept here.</summary>
/// <param name="State">The state, by its name beside the parameter; null where nothing is kept here, and zeros there.</param>
/// <param name="Factor">Times the state.</param>
/// <param name="Initial">The state's value before the first step.</param>
internal sealed record Moment(string? State = null, double Factor = 1, double Initial = 0);

/// <summary>
/// An optimiser in terms of the two that ONNX Runtime Training has, SGDOptimizerV2 and AdamWOptimizer. The latter does more than its name
/// says: with beta 1 and epsilon 1 its divisor stays 1 and momentum is left; with alpha 0 and without correction RMSProp is.
/// </summary>
internal sealed record OptimizerRule
{
    // As the command line calls them.
    private const string Others = "Take another optimizer: sgd, momentum, rmsprop without momentum, adam or adamw.";

    private OptimizerRule(bool isAdamW, params IReadOnlyList<OnnxAttribute> attributes)
    {
        OpType = isAdamW ? "AdamWOptimizer" : "SGDOptimizerV2";
        Attributes = attributes;
        Moments = isAdamW ? [new(), new()] : [new()];
    }

    /// <summary>The operator.</summary>
    public string OpType { get; }

    /// <summary>All its attributes, as the defaults of its schema and of its kernels differ.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; }

    /// <summary>The factor of the learning rate.</summary>
    public double RateFactor { get; private init; } = 1;

    /// <summary>Whether gradients are multiplied by the rate before the operator gets them, which then has the rate 1.</summary>
    public bool IsRateInGradients { get; private init; }

    /// <summary>What is kept beside each parameter.</summary>
    public IReadOnlyList<Moment> Moments { get; private init; }

    /// <summary>Whether the penalty of weight decay is part of the gradients.</summary>
    public bool IsDecayInGradients { get; private init; } = true;

    /// <summary>Whether a parameter whose gradients are multiplied is moved so many times farther.</summary>
    public bool FollowsScale { get; private init; } = true;

    /// <summary>The rule for an optimiser.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="trained">What it trains.</param>
    /// <exception cref="CnnGraphException">ONNX Runtime Training has nothing like it.</exception>
    public static OptimizerRule Of(Optimizer optimizer, IReadOnlyList<Parameter> trained)
    {
        OptimizerRule rule = optimizer switch
        {
            Sgd { Momentum: 0 } => new(isAdamW: false),
            Sgd { Form: MomentumForm.Nesterov } => throw Lacks("Nesterov's momentum", Others),
            Sgd { Form: MomentumForm.Decoupled, WeightDecay: > 0 } =>
                throw Lacks("momentum with decoupled weight decay", Others),
            Sgd { Form: MomentumForm.PyTorch, Momentum: var mu } => Momentum(mu) with
            {
                RateFactor = 1 / (1 - mu), Moments = [new("velocity", 1 - mu), new()],
            },
            Sgd { Form: MomentumForm.Dampened, Momentum: var mu } => Momentum(mu) with
            {
                IsRateInGradients = true, Moments = [new("velocity"), new()],
            },
            Sgd { Momentum: var mu } => Momentum(mu) with
            {
                RateFactor = 1 / (1 - mu), IsRateInGradients = true, Moments = [new("velocity", -1), new()],
            },
            RmsProp { IsTensorFlow: true } => throw Lacks("RMSProp in TensorFlow's form", Others),
            RmsProp { Momentum: > 0 } => throw Lacks("RMSProp with momentum", Others),
            RmsProp r => AdamW(0, r.Decay, r.Epsilon, 0, correctsBias: false, isTorch: false) with
            {
                FollowsScale = false, Moments = [new(), new("mean_square", Initial: r.InitialMeanSquare)],
            },
            Adam { IsAmsGrad: true } => throw Lacks("AMSGrad", Others),
            Adam a => AdamW(
                a.Beta1, a.Beta2, a.Epsilon, a.IsDecoupled ? CommonDecay(a, trained) : 0, correctsBias: true, isTorch: true) with
            {
                FollowsScale = false, IsDecayInGradients = !a.IsDecoupled, Moments = [new("mean"), new("mean_square")],
            },
            _ => throw Lacks(optimizer.GetType().Name, Others),
        };
        if (optimizer.AveragingDecay is not null)
        {
            throw Lacks("running averages of the parameters", "Take an optimizer without AveragingDecay.");
        }

        if (optimizer.AccumulationSteps > 1 && optimizer.Clipping != GradientClipping.None)
        {
            throw Lacks("clipping of gradients that are summed up over batches", "Take one batch a step, or no clipping.");
        }

        return !rule.FollowsScale && trained.FirstOrDefault(p => RateFactorOf(optimizer, p) != 1) is { } other
            ? throw Lacks($"a rate of its own for '{other.Name}' in this optimizer", "Take SGD, or the same rate for all.")
            : rule;
    }

    /// <summary>What the optimiser follows, in terms of the gradients of the loss.</summary>
    public IReadOnlyList<ParameterGradient> Follow(Optimizer optimizer, IReadOnlyList<ParameterGradient> gradients)
    {
        using IDisposable scope = Label.Fixed("follow").Enter();
        return [.. optimizer.Clipping.Apply(gradients).Select(g =>
        {
            double decay = IsDecayInGradients ? DecayOf(optimizer, g.Parameter) : 0;
            double factor = RateFactorOf(optimizer, g.Parameter) / optimizer.AccumulationSteps;
            Value decayed = decay == 0 ? g.Gradient : g.Gradient + (decay * g.Parameter);
            return g with { Gradient = factor == 1 ? decayed : decayed * factor };
        })];
    }

    /// <summary>What a moment of a parameter holds.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="moment">The moment.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">The states kept here by name; none before the first step.</param>
    public TensorData MomentOf(Optimizer optimizer, Moment moment, Parameter parameter, IReadOnlyDictionary<string, TensorData>? values)
    {
        // A velocity that the rate is not part of has the size of the gradients, and a rate of its own is in those.
        double factor = moment.Factor * (FollowsScale && !IsRateInGradients ? RateFactorOf(optimizer, parameter) : 1);
        float[] numbers = new float[parameter.Shape.CountPerSample()];
        if (moment.State is null || values is null)
        {
            numbers.AsSpan().Fill((float)moment.Initial);
        }
        else
        {
            ReadOnlySpan<float> kept = values[$"{parameter.Label.Child(moment.State)}"].Span<float>();
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (float)(factor * kept[i]);
            }
        }

        return TensorData.Of<float>(numbers, parameter.Shape.Sizes());
    }

    private static OptimizerRule Momentum(double momentum) => AdamW(momentum, 1, 1, 0, correctsBias: false, isTorch: false);

    private static OptimizerRule AdamW(double alpha, double beta, double epsilon, double decay, bool correctsBias, bool isTorch) => new(
        isAdamW: true,
        new OnnxAttribute("alpha", (float)alpha),
        new OnnxAttribute("beta", (float)beta),
        new OnnxAttribute("epsilon", (float)epsilon),
        new OnnxAttribute("weight_decay", (float)decay),
        new OnnxAttribute("correct_bias", correctsBias ? 1L : 0L),
        new OnnxAttribute("adam_mode", isTorch ? 0L : 1L));

    /// <summary>The decoupled decay of all parameters, for the operator cannot tell them apart.</summary>
    private static double CommonDecay(Optimizer optimizer, IReadOnlyList<Parameter> trained)
    {
        double first = DecayOf(optimizer, trained[0]);
        return trained.FirstOrDefault(p => DecayOf(optimizer, p) != first) is { } other
            ? throw Lacks(
                $"a decoupled weight decay for '{other.Name}' other than for '{trained[0].Name}'",
                "Take Adam, whose decay is coupled, or the same decay for all.")
            : first;
    }

    private static double DecayOf(Optimizer optimizer, Parameter parameter) =>
        optimizer.WeightDecay * (optimizer.Groups.Of(parameter)?.DecayFactor ?? 1);

    private static double RateFactorOf(Optimizer optimizer, Parameter parameter) => optimizer.Groups.Of(parameter)?.RateFactor ?? 1;

    private static CnnGraphException Lacks(string what, string mend) => new($"ONNX Runtime Training cannot do {what}. {mend}");
}

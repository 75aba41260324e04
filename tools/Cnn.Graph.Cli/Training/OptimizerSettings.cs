using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Cli.Training;

/// <summary>An optimiser in the words of the command line; null is what was not said.</summary>
internal sealed record OptimizerSettings(
    string? Name, double? LearningRate, double? Momentum, double? WeightDecay, int? AccumulationSteps, double? AveragingDecay)
{
    private const string Plain = "sgd", WithMomentum = "momentum", Nesterov = "nesterov";
    private const string RmsPropName = "rmsprop", AdagradName = "adagrad", AdamName = "adam", AdamWName = "adamw";
    private const string Recipe = "recipe";
    private const double UsualMomentum = 0.9;

    /// <summary>The optimisers that can be named.</summary>
    public static IReadOnlyList<string> Names { get; } = [Plain, WithMomentum, Nesterov, RmsPropName, AdagradName, AdamName, AdamWName, Recipe];

    /// <exception cref="UsageException">A momentum was given to an optimiser that has none.</exception>
    public void RequireSense()
    {
        if (Momentum is not null && Name is AdagradName or AdamName or AdamWName)
        {
            throw new UsageException($"--momentum is not for {Name}.");
        }
    }

    /// <summary>Fills in what is missing, and names the recipe's optimiser if there is a name for it.</summary>
    /// <param name="recipe">The architecture's own optimiser.</param>
    public OptimizerSettings Complete(Optimizer recipe)
    {
        Optimizer optimizer = Build(recipe);
        double? momentum = optimizer switch
        {
            Sgd sgd => sgd.Momentum, RmsProp rmsProp => rmsProp.Momentum, _ => null,
        };
        var whole = new OptimizerSettings(
            FamilyOf(optimizer), optimizer.LearningRate, momentum, optimizer.WeightDecay, optimizer.AccumulationSteps, optimizer.AveragingDecay);
        return $"{whole.Build(recipe)}" == $"{optimizer}" ? whole : whole with { Name = Recipe };
    }

    /// <summary>The optimiser.</summary>
    /// <remarks>
    /// Naming one leaves all that the recipe sets of its own behind, for it was chosen for the recipe's optimiser; only the rate of a
    /// recipe with SGD serves SGD of any momentum.
    /// </remarks>
    /// <param name="recipe">The architecture's own optimiser.</param>
    public Optimizer Build(Optimizer recipe)
    {
        double sgdRate = recipe is Sgd ? recipe.LearningRate : 0.01;
        Optimizer optimizer = Name switch
        {
            Plain => Optimizer.Sgd(LearningRate ?? sgdRate, Momentum ?? 0, WeightDecay ?? 0),
            WithMomentum => Optimizer.Sgd(LearningRate ?? sgdRate, Momentum ?? UsualMomentum, WeightDecay ?? 0),
            Nesterov => Optimizer.Sgd(LearningRate ?? sgdRate, Momentum ?? UsualMomentum, WeightDecay ?? 0, MomentumForm.Nesterov),
            RmsPropName => Optimizer.RmsProp(LearningRate ?? 0.01, momentum: Momentum ?? 0, weightDecay: WeightDecay ?? 0),
            AdagradName => Optimizer.Adagrad(LearningRate ?? 0.01, weightDecay: WeightDecay ?? 0),
            AdamName => Optimizer.Adam(LearningRate ?? 1e-3, weightDecay: WeightDecay ?? 0),
            AdamWName => Optimizer.AdamW(LearningRate ?? 1e-3, weightDecay: WeightDecay ?? 0.01),
            _ => Adjust(recipe),
        };
        return optimizer with
        {
            AccumulationSteps = AccumulationSteps ?? optimizer.AccumulationSteps, AveragingDecay = AveragingDecay ?? optimizer.AveragingDecay,
        };
    }

    private static string FamilyOf(Optimizer optimizer) => optimizer switch
    {
        Sgd { Momentum: 0 } => Plain,
        Sgd { Form: MomentumForm.Nesterov } => Nesterov,
        Sgd => WithMomentum,
        RmsProp => RmsPropName,
        Adagrad => AdagradName,
        Adam { IsDecoupled: true } => AdamWName,
        Adam => AdamName,
        _ => Recipe,
    };

    /// <summary>The recipe's optimiser with the numbers that were given, all else as it is.</summary>
    private Optimizer Adjust(Optimizer recipe)
    {
        if (LearningRate is null && Momentum is null && WeightDecay is null)
        {
            return recipe;
        }

        double rate = LearningRate ?? recipe.LearningRate, decay = WeightDecay ?? recipe.WeightDecay;
        Optimizer adjusted = recipe switch
        {
            Sgd s => new Sgd(rate, Momentum ?? s.Momentum, decay, s.Form),
            RmsProp r => new RmsProp(rate, r.Decay, r.Epsilon, Momentum ?? r.Momentum, decay, r.IsTensorFlow, r.InitialMeanSquare),
            _ when Momentum is not null => throw new UsageException("--momentum is not for the recipe's optimizer; name an --optimizer."),
            Adagrad a => new Adagrad(rate, a.Epsilon, decay),
            Adam a => new Adam(rate, a.Beta1, a.Beta2, a.Epsilon, decay, a.IsAmsGrad, a.IsDecoupled),
            _ => throw new UsageException("the recipe's optimizer cannot be changed; name an --optimizer."),
        };
        return adjusted with
        {
            Clipping = recipe.Clipping, Groups = recipe.Groups, AccumulationSteps = recipe.AccumulationSteps, AveragingDecay = recipe.AveragingDecay,
        };
    }
}

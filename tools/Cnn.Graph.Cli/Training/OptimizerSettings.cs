using System.CommandLine;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Cli.Training;

/// <summary>An optimiser in the words of the command line; null is what was not said.</summary>
internal sealed record OptimizerSettings(string? Name, double? LearningRate, double? Momentum, double? WeightDecay)
{
    private const string Plain = "sgd";
    private const string WithMomentum = "momentum";
    private const double UsualMomentum = 0.9;

    /// <summary>What each name builds, from rate, momentum and weight decay.</summary>
    private static readonly Dictionary<string, Func<double, double, double, Optimizer>> Known = new()
    {
        [Plain] = (rate, momentum, decay) => Optimizer.Sgd(rate, momentum, decay),
        [WithMomentum] = (rate, momentum, decay) => Optimizer.Sgd(rate, momentum, decay),
        ["nesterov"] = (rate, momentum, decay) => Optimizer.Sgd(rate, momentum, decay, MomentumForm.Nesterov),
        ["rmsprop"] = (rate, momentum, decay) => Optimizer.RmsProp(rate, momentum: momentum, weightDecay: decay),
        ["adagrad"] = (rate, _, decay) => Optimizer.Adagrad(rate, weightDecay: decay),
        ["adam"] = (rate, _, decay) => Optimizer.Adam(rate, weightDecay: decay),
        ["adamw"] = (rate, _, decay) => Optimizer.AdamW(rate, weightDecay: decay),
    };

    /// <summary>What is missing, out of a recipe.</summary>
    /// <remarks>
    /// Naming an optimiser leaves the recipe's momentum and weight decay behind, for they were chosen for the recipe's optimiser; only a
    /// learning rate for SGD stays.
    /// </remarks>
    public OptimizerSettings Complete(Optimizer recipe)
    {
        if (Name is null)
        {
            return recipe is Sgd { Form: MomentumForm.PyTorch } sgd
                ? new(
                    (Momentum ?? sgd.Momentum) > 0 ? WithMomentum : Plain,
                    LearningRate ?? sgd.LearningRate, Momentum ?? sgd.Momentum, WeightDecay ?? sgd.WeightDecay)
                : throw new UsageException($"name an --optimizer: {string.Join(", ", Known.Keys)}.");
        }

        double usual = Name is WithMomentum or "nesterov" ? UsualMomentum : 0;
        Optimizer plain = Known[Name](recipe.LearningRate, 0, 0);
        double rate = LearningRate ?? (plain is Sgd ? recipe.LearningRate : UsualRate(Name));
        return new(Name, rate, Momentum ?? usual, WeightDecay ?? 0);
    }

    /// <summary>The optimiser; nothing may be missing.</summary>
    public Optimizer Build() => Known[Name!](LearningRate!.Value, Momentum!.Value, WeightDecay!.Value);

    /// <summary>The rate with which an optimiser that scales its steps is usually started.</summary>
    private static double UsualRate(string name) => name is "adam" or "adamw" ? 1e-3 : 1e-2;

    /// <summary>The options that choose an optimiser.</summary>
    internal sealed class Options
    {
        private readonly Option<string?> _name = OptionValue.Parsed(
            "--optimizer",
            $"{string.Join(", ", Known.Keys)} ({WithMomentum}: {Plain} with --momentum {UsualMomentum}); the architecture's recipe by default",
            text => NamedValues.Find(text, "optimizer", [.. Known.Keys]));

        private readonly Option<double?> _rate = OptionValue.Number(
            "--lr", "The learning rate; the recipe's by default", x => x > 0 && double.IsFinite(x), "a finite number above 0");

        private readonly Option<double?> _momentum = OptionValue.Number(
            "--momentum", "How much of the last step is kept", x => x is >= 0 and < 1, "at least 0 and below 1");

        private readonly Option<double?> _decay = OptionValue.Number(
            "--weight-decay", "The factor of the L2 penalty", x => x >= 0 && double.IsFinite(x), "a finite number of at least 0");

        public IEnumerable<Option> All => [_name, _rate, _momentum, _decay];

        public OptimizerSettings Read(ParseResult parse) =>
            new(parse.GetValue(_name), parse.GetValue(_rate), parse.GetValue(_momentum), parse.GetValue(_decay));
    }
}

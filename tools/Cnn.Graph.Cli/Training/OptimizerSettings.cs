using System.CommandLine;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Training;

/// <summary>An optimiser in the words of the command line; null is what was not said.</summary>
internal sealed record OptimizerSettings(string? Name, double? LearningRate, double? Momentum, double? WeightDecay)
{
    private const string Plain = "sgd";
    private const string WithMomentum = "momentum";
    private const double UsualMomentum = 0.9;

    /// <summary>What is missing, out of a recipe.</summary>
    /// <remarks>
    /// Naming an optimiser leaves the recipe's momentum and weight decay behind, for they were chosen for the recipe's optimiser; only the
    /// learning rate stays.
    /// </remarks>
    public OptimizerSettings Complete(Optimizer recipe)
    {
        double rate = LearningRate ?? recipe.LearningRate;
        return Name switch
        {
            Plain => new(Plain, rate, Momentum ?? 0, WeightDecay ?? 0),
            WithMomentum => new(WithMomentum, rate, Momentum ?? UsualMomentum, WeightDecay ?? 0),
            _ => recipe is Sgd sgd
                ? new((Momentum ?? sgd.Momentum) > 0 ? WithMomentum : Plain, rate, Momentum ?? sgd.Momentum, WeightDecay ?? sgd.WeightDecay)
                : throw new UsageException($"name an --optimizer: {Plain} or {WithMomentum}."),
        };
    }

    /// <summary>The optimiser; nothing may be missing.</summary>
    public Optimizer Build() => Optimizer.Sgd(LearningRate!.Value, Momentum!.Value, WeightDecay!.Value);

    /// <summary>The options that choose an optimiser.</summary>
    internal sealed class Options
    {
        private readonly Option<string?> _name = OptionValue.Parsed(
            "--optimizer",
            $"{Plain} or {WithMomentum} ({Plain} with --momentum {UsualMomentum}); the architecture's recipe by default",
            text => NamedValues.Find(text, "optimizer", [Plain, WithMomentum]));

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

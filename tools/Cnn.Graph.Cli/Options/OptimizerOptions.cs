using System.CommandLine;
using Cnn.Graph.Cli.Training;

namespace Cnn.Graph.Cli.Options;

/// <summary>The options that choose an optimiser.</summary>
internal sealed class OptimizerOptions
{
    private readonly Option<string?> _name = OptionValue.Parsed(
        "--optimizer",
        $"{string.Join(", ", OptimizerSettings.Names)}; recipe, the architecture's own, by default",
        text => NamedValues.Find(text, "optimizer", OptimizerSettings.Names));

    private readonly Option<double?> _rate = OptionValue.Number(
        "--lr", "The learning rate; the recipe's or the optimizer's usual one by default",
        x => x > 0 && double.IsFinite(x), "a finite number above 0");

    private readonly Option<double?> _momentum = OptionValue.Number(
        "--momentum", "How much of the last step is kept; 0.9 by default with momentum and nesterov",
        x => x is >= 0 and < 1, "at least 0 and below 1");

    private readonly Option<double?> _decay = OptionValue.Number(
        "--weight-decay", "The factor of the L2 penalty, of decoupled decay with adamw",
        x => x >= 0 && double.IsFinite(x), "a finite number of at least 0");

    private readonly Option<int?> _accumulate = OptionValue.Whole(
        "--accumulate", "Batches to a step, which follows the mean of their gradients; 1 by default");

    private readonly Option<double?> _average = OptionValue.Number(
        "--average", "Keep running averages of the weights, such as 0.999 of them at a step, to answer with; none by default",
        x => x is >= 0 and < 1, "at least 0 and below 1");

    public IEnumerable<Option> All => [_name, _rate, _momentum, _decay, _accumulate, _average];

    /// <exception cref="UsageException">The options do not go together.</exception>
    public OptimizerSettings Read(ParseResult parse)
    {
        var settings = new OptimizerSettings(
            parse.GetValue(_name), parse.GetValue(_rate), parse.GetValue(_momentum), parse.GetValue(_decay),
            parse.GetValue(_accumulate), parse.GetValue(_average));
        settings.RequireSense();
        return settings;
    }
}

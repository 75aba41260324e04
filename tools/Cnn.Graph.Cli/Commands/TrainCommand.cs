using System.CommandLine;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Cli.Training;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn train</c>: trains an architecture on a data set and writes the model.</summary>
internal sealed class TrainCommand
{
    private readonly Argument<Architecture> _architecture = CommonOptions.Architecture();
    private readonly Option<string[]> _data = CommonOptions.Data();
    private readonly Option<string> _out = CommonOptions.Out("The trained model to write");
    private readonly Option<string?> _canvas = OptionValue.Parsed(
        "--canvas", "Put the pictures in the middle of a black field of HEIGHTxWIDTH, such as 40x40", Canvas.Parse);

    private readonly Option<int?> _classes = CommonOptions.ClassesOfData();
    private readonly Option<double?> _width = CommonOptions.Width();
    private readonly Option<int?> _epochs = OptionValue.Whole("--epochs", "Passes over the training set; the recipe's by default");
    private readonly Option<int?> _batch = CommonOptions.Batch("Samples a step; the recipe's by default");
    private readonly OptimizerOptions _optimizer = new();
    private readonly Option<string?> _schedule = OptionValue.Parsed("--schedule", ScheduleChoice.Help, ScheduleChoice.Check);
    private readonly Option<double?> _smoothing = CommonOptions.LabelSmoothing();
    private readonly Option<long?> _seed = CommonOptions.Seed();
    private readonly Option<Device?> _device = CommonOptions.Device();
    private readonly Option<string?> _precision = CommonOptions.Precision();
    private readonly Option<double?> _scale = CommonOptions.LossScale();
    private readonly Option<bool> _placement = new("--placement") { Description = "Tell in the end where the nodes of a step ran" };
    private readonly Option<bool> _fallback = CommonOptions.AllowCpuFallback();
    private readonly Option<long?> _steps = OptionValue.Long("--steps", "Stop after so many steps", min: 1);
    private readonly Option<string> _init = new("--init")
    {
        Description = "Start from the weights of this file: ONNX of any origin, or safetensors", HelpName = "FILE",
    };

    private readonly Option<bool> _newHead = new("--new-head")
    {
        Description = "With --init: draw the last layer anew, whose classes are others here",
    };

    private readonly Option<string?> _freeze = OptionValue.Parsed<string>(
        "--freeze", "Leave the parameters of these names as they are, with * for any characters and commas between: conv1/*,*/bias", text => text);

    private readonly Option<int?> _freezeDepth = OptionValue.Whole(
        "--freeze-depth", "Leave the first layers as they are: those with no more convolutions and dense layers up to them");

    private readonly Option<bool> _noShuffle = new("--no-shuffle") { Description = "Take the samples in the order of the file" };
    private readonly Option<string> _checkpoint = new("--checkpoint")
    {
        Description = "Write checkpoints here and keep the last; by default they go beside --out and are deleted in the end", HelpName = "FILE",
    };

    private readonly Option<string> _resume = new("--resume")
    {
        Description = "Go on from this checkpoint; options that are left out are taken from it", HelpName = "FILE",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create(CommandContext context)
    {
        var options = new TrainCommand();
        var command = new Command("train", "Train an architecture on a data set and write the model")
        {
            options._architecture, options._data, options._out, options._canvas, options._classes, options._width, options._epochs,
            options._batch,
        };
        foreach (Option option in options._optimizer.All)
        {
            command.Add(option);
        }

        foreach (Option option in (Option[])
            [
                options._schedule, options._smoothing, options._seed, options._device, options._precision, options._scale, options._fallback, options._placement, options._steps, options._init, options._newHead,
                options._freeze, options._freezeDepth, options._noShuffle,
                options._checkpoint, options._resume, options._json,
            ])
        {
            command.Add(option);
        }

        command.SetAction(parse => new TrainRun(context, options.Read(parse)).Run());
        return command;
    }

    private TrainArguments Read(ParseResult parse) => new()
    {
        Architecture = parse.GetRequiredValue(_architecture),
        Data = string.Join(',', parse.GetRequiredValue(_data)),
        Out = parse.GetRequiredValue(_out),
        Checkpoint = parse.GetValue(_checkpoint),
        Resume = parse.GetValue(_resume),
        Init = parse.GetValue(_init),
        HasNewHead = parse.GetValue(_newHead),
        AllowCpuFallback = parse.GetValue(_fallback),
        TellsPlacement = parse.GetValue(_placement) || parse.GetValue(_fallback),
        Json = parse.GetValue(_json),
        Given = Given(parse),
    };

    private Dictionary<string, string> Given(ParseResult parse)
    {
        OptimizerSettings optimizer = _optimizer.Read(parse);
        var texts = new Dictionary<string, string?>
        {
            [Canvas.Fact] = parse.GetValue(_canvas),
            [CommonOptions.ClassesFact] = Text(parse.GetValue(_classes)),
            ["width"] = Text(parse.GetValue(_width)),
            ["label-smoothing"] = parse.GetValue(_smoothing) is { } smoothing ? TrainSettings.Text(smoothing) : null,
            ["optimizer"] = optimizer.Name,
            ["lr"] = Text(optimizer.LearningRate),
            ["momentum"] = Text(optimizer.Momentum),
            ["weight-decay"] = Text(optimizer.WeightDecay),
            ["accumulate"] = Text(optimizer.AccumulationSteps),
            ["average"] = Text(optimizer.AveragingDecay),
            ["schedule"] = parse.GetValue(_schedule),
            ["epochs"] = Text(parse.GetValue(_epochs)),
            ["batch"] = Text(parse.GetValue(_batch)),
            ["seed"] = parse.GetValue(_seed) is { } seed ? TrainSettings.Text(seed) : null,
            ["device"] = parse.GetValue(_device) is { } device and not AutoDevice ? $"{device}" : null,
            ["precision"] = parse.GetValue(_precision),
            ["loss-scale"] = Text(parse.GetValue(_scale)),
            ["steps"] = parse.GetValue(_steps) is { } steps ? TrainSettings.Text(steps) : null,
            ["freeze"] = parse.GetValue(_freeze),
            ["freeze-depth"] = Text(parse.GetValue(_freezeDepth)),
            ["order"] = parse.GetValue(_noShuffle) ? TrainSettings.FileOrder : null,
        };
        return texts.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!);
    }

    private static string? Text(double? number) => number is null ? null : TrainSettings.Text(number.Value);
}

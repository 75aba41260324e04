using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Data;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Training;

/// <summary>
/// How a network is trained, as texts by the name of the option. They are kept in checkpoints, so that a training goes on as it began, and
/// in the metadata of the model, so that it says how it came to be.
/// </summary>
internal sealed class TrainSettings
{
    // Beside the names of the options:
    private const string Architecture = "architecture", DataName = "data", Samples = "samples", Order = "order";
    private const string NormalizationName = "normalization";

    /// <summary>The architecture's own loss: cross-entropy for most, with auxiliary heads or another criterion for some.</summary>
    private const string FromRecipe = "recipe";

    private readonly SortedDictionary<string, string> _texts;
    private readonly Recipe _recipe;

    private TrainSettings(SortedDictionary<string, string> texts, Recipe recipe) => (_texts, _recipe) = (texts, recipe);

    public IReadOnlyDictionary<string, string> Facts => _texts;

    public long Seed => long.Parse(_texts["seed"], CultureInfo.InvariantCulture);

    public double Width => double.Parse(_texts["width"], CultureInfo.InvariantCulture);

    public Device Device => Device.Parse(_texts["device"]);

    /// <summary>The number of classes, where it was given here or when the checkpoint's training began.</summary>
    /// <exception cref="CnnGraphException">The checkpoint's is no number.</exception>
    public static int? ClassesOf(TrainArguments arguments, Checkpoint? resumed) =>
        CommonOptions.ClassesIn(arguments.Given) ?? (resumed is null ? null : CommonOptions.ClassesIn(resumed.Facts));

    /// <summary>
    /// How inputs are made of pixels, where the weights that the training starts from decide on it; else the data set does.
    /// </summary>
    public Normalization? Normalization
    {
        get => !_texts.TryGetValue(NormalizationName, out string? text) ? null
            : text.Split('/') is [var mean, var std] ? Normalization.Parse(mean, std)
            : throw new CnnGraphException($"The fact '{NormalizationName}' must be MEANS/DEVIATIONS, not '{text}'.");
        set
        {
            if (value is not null)
            {
                _texts[NormalizationName] = $"{value.MeanText}/{value.StdText}";
            }
        }
    }

    /// <summary>What was given; else what the checkpoint says; else the recipe.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="data">The data set.</param>
    /// <param name="resumed">The checkpoint to go on from, if any.</param>
    /// <exception cref="CnnGraphException">
    /// What was given is not what the checkpoint was trained with; the message names every difference.
    /// </exception>
    public static TrainSettings Of(TrainArguments arguments, DataSplits data, Checkpoint? resumed)
    {
        var texts = new SortedDictionary<string, string>(arguments.Given.ToDictionary(), StringComparer.Ordinal)
        {
            [Architecture] = arguments.Architecture.Id,
            [DataName] = data.Name,
            [Samples] = Text(data.Train.Count),
        };
        if (resumed is not null)
        {
            RequireAgreement(arguments.Resume!, texts, resumed.Facts);
        }

        foreach ((string key, string value) in resumed?.Facts ?? new Dictionary<string, string>())
        {
            texts.TryAdd(key, value);
        }

        var settings = new TrainSettings(texts, arguments.Architecture.Recipe);
        try
        {
            settings.Complete(data.Train.Count, arguments.Given.ContainsKey("steps") && !arguments.Given.ContainsKey("epochs"));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new CnnGraphException($"'{arguments.Resume}' is a damaged checkpoint: {e.Message}", e);
        }

        return settings;
    }

    /// <summary>The settings for the trainer.</summary>
    public TrainingOptions ToOptions(Network network, DataSplits data, string checkpointPath) => new()
    {
        Loss = _texts["label-smoothing"] == FromRecipe
            ? _recipe.Loss
            : Loss.SoftmaxCrossEntropy(double.Parse(_texts["label-smoothing"], CultureInfo.InvariantCulture)),
        Optimizer = Freezing(network, OptimizerTexts().Build(_recipe.Optimizer)),
        Schedule = ScheduleChoice.Of(_texts["schedule"], _recipe.Schedule),
        Epochs = int.Parse(_texts["epochs"], CultureInfo.InvariantCulture),
        BatchSize = int.Parse(_texts["batch"], CultureInfo.InvariantCulture),
        MaxSteps = _texts.TryGetValue("steps", out string? steps) ? long.Parse(steps, CultureInfo.InvariantCulture) : null,
        Seed = Seed,
        Order = _texts[Order] == FileOrder ? SampleOrder.File : SampleOrder.Shuffled,
        Normalization = data.Normalization,
        Device = Device,
        Precision = CommonOptions.PrecisionOf(_texts.GetValueOrDefault("precision")),
        LossScale = _texts.TryGetValue("loss-scale", out string? scale) ? double.Parse(scale, CultureInfo.InvariantCulture) : TrainingOptions.DefaultLossScale,
        CheckpointPath = checkpointPath,
        Facts = Facts,
    };

    /// <summary>The optimiser without the parameters that are to stay as they are.</summary>
    private Optimizer Freezing(Network network, Optimizer optimizer)
    {
        IEnumerable<ParameterGroup> frozen =
        [
            .. _texts.TryGetValue("freeze", out string? patterns) ? patterns.Split(',').Select(ParameterGroup.Frozen) : [],
            .. _texts.TryGetValue("freeze-depth", out string? depth)
                ? ParameterGroup.FrozenTo(network, int.Parse(depth, CultureInfo.InvariantCulture))
                : [],
        ];
        return frozen.Any() ? optimizer with { Groups = optimizer.Groups.After(frozen) } : optimizer;
    }

    public const string FileOrder = "file", ShuffledOrder = "shuffled";

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Complete(int samples, bool epochsFollowSteps)
    {
        OptimizerSettings optimizer = OptimizerTexts().Complete(_recipe.Optimizer);
        _texts["optimizer"] = optimizer.Name!;
        _texts["lr"] = Text(optimizer.LearningRate!.Value);
        if (optimizer.Momentum is { } momentum)
        {
            _texts["momentum"] = Text(momentum);
        }

        _texts["weight-decay"] = Text(optimizer.WeightDecay!.Value);
        _texts["accumulate"] = Text(optimizer.AccumulationSteps!.Value);
        if (optimizer.AveragingDecay is { } decay)
        {
            _texts["average"] = Text(decay);
        }

        _texts.TryAdd("width", Text(1.0));
        _texts.TryAdd("schedule", ScheduleChoice.NameOf(_recipe.Schedule));
        _texts.TryAdd("label-smoothing", FromRecipe);
        _texts.TryAdd("batch", Text(_recipe.BatchSize));
        _texts.TryAdd("epochs", Text(_recipe.Epochs));
        _texts.TryAdd("seed", Text(0));
        _texts.TryAdd(Order, ShuffledOrder);
        // What 'auto' stands for here is what counts.
        _texts["device"] = $"{Runtime.Devices.Resolve(Device.Parse(_texts.GetValueOrDefault("device", "auto")))}";
        if (epochsFollowSteps && _texts.TryGetValue("steps", out string? steps))
        {
            // Steps that were asked for are done, however many passes they take.
            long batches = new BatchPlan(samples, int.Parse(_texts["batch"], CultureInfo.InvariantCulture)).BatchesPerEpoch;
            long needed = ((long.Parse(steps, CultureInfo.InvariantCulture) - 1) / batches) + 1;
            long epochs = long.Parse(_texts["epochs"], CultureInfo.InvariantCulture);
            _texts["epochs"] = Text(Math.Min(Math.Max(epochs, needed), int.MaxValue));
        }
    }

    private OptimizerSettings OptimizerTexts()
    {
        return new OptimizerSettings(
            _texts.GetValueOrDefault("optimizer"), Number("lr"), Number("momentum"), Number("weight-decay"),
            _texts.TryGetValue("accumulate", out string? batches) ? int.Parse(batches, CultureInfo.InvariantCulture) : null, Number("average"));

        double? Number(string key) => _texts.TryGetValue(key, out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    private static void RequireAgreement(string path, SortedDictionary<string, string> given, IReadOnlyDictionary<string, string> stored)
    {
        string[] faults =
        [
            .. given.Where(g => stored.TryGetValue(g.Key, out string? s) && s != g.Value && !MayDiffer(g.Key, g.Value, s))
                .Select(g => $"{g.Key} is {stored[g.Key]} there and {g.Value} here"),
        ];
        if (faults.Length > 0)
        {
            throw new CnnGraphException(
                $"The checkpoint '{path}' cannot be resumed here: {string.Join("; ", faults)}. " +
                "Options that are left out are taken from the checkpoint.");
        }
    }

    /// <summary>A training may be made longer, may go on elsewhere and at another rate.</summary>
    private static bool MayDiffer(string key, string given, string stored) => key switch
    {
        "epochs" => int.Parse(given, CultureInfo.InvariantCulture) > (int.TryParse(stored, out int epochs) ? epochs : 0),
        "steps" or "device" or "precision" or "loss-scale" or "lr" => true,
        _ => false,
    };
}

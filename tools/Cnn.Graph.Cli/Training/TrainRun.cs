using System.Text.Json.Serialization;
using Cnn.Graph.Building;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Files;
using Cnn.Graph.Interop;
using Cnn.Graph.Runtime;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Training;

/// <summary>One run of <c>cnn train</c>, from the data set to the model file.</summary>
internal sealed class TrainRun(CommandContext context, TrainArguments arguments)
{
    /// <exception cref="CnnGraphException">It failed or was stopped; in the latter case the message says how to go on.</exception>
    public void Run()
    {
        arguments.RequireSense();
        AtomicFile.EnsureWritable(arguments.Out);
        AtomicFile.EnsureWritable(arguments.CheckpointPath);
        Checkpoint.RequireReplaceable(arguments.CheckpointPath);
        Checkpoint? resumed = arguments.Resume is null ? null : Checkpoint.Load(arguments.Resume);
        DataSplits data = DataSource.Open(arguments.Data, report: context.Say, classes: TrainSettings.ClassesOf(arguments, resumed));
        TrainSettings settings = TrainSettings.Of(arguments, data, resumed);
        data = Canvas.Apply(data, settings.Facts);
        Model start = StartFor(data, settings);
        data = Normalized(data, start.Card.Normalization, settings);
        using var trainer = new Trainer(start, settings.ToOptions(start.Network, data, arguments.CheckpointPath) with
        {
            AllowCpuFallback = arguments.AllowCpuFallback,
        });
        if (arguments.Resume is not null)
        {
            Resume(trainer, resumed!);
        }
        else if (File.Exists(arguments.CheckpointPath))
        {
            context.Say($"the checkpoint '{arguments.CheckpointPath}' of an earlier training will be replaced");
        }

        string parameters = Figures.Count(trainer.Network.ParameterCount);
        context.Say($"training {arguments.Architecture.Title} with {parameters} parameters on {trainer.Device} with {data}{(trainer.Options.Precision == TrainingPrecision.Float16 ? ", in 16 bits" : string.Empty)}");
        Train(trainer, data);
    }

    private void Train(Trainer trainer, DataSplits data)
    {
        var progress = new ProgressLines(context, keepsLosses: arguments.Json && arguments.Given.ContainsKey("steps"));
        TrainingHistory history;
        (double? Accuracy, double Loss) measured;
        try
        {
            history = trainer.Fit(data.Train, data.HasTest ? data.Test : null, progress, context.Stop);
            measured = Measure(trainer, data, history);
        }
        catch (OperationCanceledException)
        {
            throw new CnnGraphException($"stopped after step {progress.Step}; to go on: {arguments.ResumeCommand}");
        }
        catch (DeviceException e)
        {
            throw new CnnGraphException($"{e.Message} To go on: {arguments.ResumeCommand}, on the CPU with --device cpu", e);
        }
        finally
        {
            progress.Clear();
        }

        trainer.AveragedModel.SaveOnnx(arguments.Out);
        IReadOnlyList<NodePlacement>? placement = arguments.TellsPlacement ? trainer.Placements() : null;
        if (arguments.Checkpoint is null)
        {
            File.Delete(arguments.CheckpointPath);
        }

        string set = data.HasTest ? "test" : "training set";
        string accuracy = Figures.Percent(measured.Accuracy ?? double.NaN);
        string result = $"{set} accuracy {accuracy}, loss {Figures.Loss(measured.Loss)}; the model is in '{arguments.Out}'";
        if (arguments.Json)
        {
            context.Say(result);
            context.WriteJson(new Document(
                arguments.Architecture.Id, $"{history.Device}", trainer.Options.Seed, history.Epochs, arguments.Out, progress.Losses, placement));
        }
        else
        {
            context.Output.WriteLine(result);
            PlacementLines.Write(context.Output, placement ?? []);
        }
    }

    /// <summary>The network for the pictures and classes of the set, with the numbers to begin with.</summary>
    private Model StartFor(DataSplits data, TrainSettings settings)
    {
        ImageDataset train = data.Train;
        Network network = arguments.Architecture.Build(train.ClassCount, [train.Channels, train.Height, train.Width], settings.Width);
        if (arguments.Init is null)
        {
            return Model.Initialize(network, settings.Seed);
        }

        WeightImport import = WeightFiles.Import(arguments.Architecture, network, arguments.Init);
        string[] head = arguments.HasNewHead ? [.. NetworkHead.Variables(network).Select(v => v.Name)] : [];
        Model start = import.ToModel(head, settings.Seed);
        context.Say($"weights of '{arguments.Init}': {import}{(head.Length > 0 ? $" Drawn anew: {string.Join(", ", head)}." : string.Empty)}");
        return start;
    }

    /// <summary>
    /// Weights that were trained before want pixels as they had them; the checkpoint remembers that for a training that goes on.
    /// </summary>
    private DataSplits Normalized(DataSplits data, Normalization? trained, TrainSettings settings)
    {
        if (arguments.Init is not null)
        {
            context.Say(trained is null
                ? $"'{arguments.Init}' does not say how its inputs are made of pixels; taking the data set's {data.Normalization}"
                : $"inputs are made of pixels as '{arguments.Init}' has it, with {trained}");
            settings.Normalization = trained;
        }

        return settings.Normalization is { } normalization ? data.With(normalization) : data;
    }

    private void Resume(Trainer trainer, Checkpoint checkpoint)
    {
        if (arguments.Given.ContainsKey("loss-scale") && LossScale.IsIn(checkpoint))
        {
            throw new CnnGraphException($"--loss-scale is for the start: the checkpoint '{arguments.Resume}' brings the scale that it has come to.");
        }

        trainer.Resume(arguments.Resume!);
        string trained = checkpoint.Facts.GetValueOrDefault("device", $"{trainer.Device}");
        if (trained != $"{trainer.Device}")
        {
            context.Say($"the checkpoint comes from {trained}; on {trainer.Device} the numbers will differ in their last digits");
        }

        context.Say($"going on after step {checkpoint.State.Step}, {checkpoint.State.Epoch} epochs done");
    }

    /// <summary>Without a test set, the only set there is tells what the model can do, as <c>cnn eval</c> does it.</summary>
    private (double? Accuracy, double Loss) Measure(Trainer trainer, DataSplits data, TrainingHistory history)
    {
        if (data.HasTest && history.Epochs[^1] is { ValidationLoss: { } loss } last)
        {
            return (last.ValidationAccuracy, loss);
        }

        EvaluationResult result = trainer.Measure(data.Evaluation, data.Normalization, context.Stop);
        return (result.Accuracy, result.Loss);
    }

    private sealed record Document(
        string Architecture,
        string Device,
        long Seed,
        IReadOnlyList<EpochResult> Epochs,
        string Out,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Losses,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<NodePlacement>? Placement);
}

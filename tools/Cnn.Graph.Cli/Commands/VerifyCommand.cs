using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Bench;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Data;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn verify</c>: whether a device trains an architecture as the CPU does.</summary>
internal static class VerifyCommand
{
    private const int DefaultSteps = 20, DefaultBatch = 4;
    private const double DefaultRate = 0.01, Tolerance32 = 1e-4, Tolerance16 = 1e-2;

    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<Device?> device = CommonOptions.Device();
        Option<string?> precision = CommonOptions.Precision();
        Option<double?> scale = CommonOptions.LossScale();
        Option<int?> batch = CommonOptions.Batch($"Pictures a step; {DefaultBatch} by default");
        Option<int?> steps = OptionValue.Whole("--steps", $"Steps of plain gradient descent; {DefaultSteps} by default");
        Option<double?> rate = OptionValue.Number(
            "--lr", string.Create(CultureInfo.InvariantCulture, $"The rate of the steps; {DefaultRate} by default"),
            x => x > 0 && double.IsFinite(x), "a finite number above 0");
        Option<double?> clip = OptionValue.Number(
            "--clip", "The largest Euclidean norm of all gradients together; none by default", x => x > 0 && double.IsFinite(x), "a finite number above 0");
        Option<bool> fallback = CommonOptions.AllowCpuFallback();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Train an architecture a few steps on small pictures, on a device twice and on the CPU, and compare the numbers")
        {
            device, precision, scale, batch, steps, rate, clip, fallback, json,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            Architecture architecture = design.Architecture(parse);
            Design chosen = design.Design(parse);
            int samples = parse.GetValue(batch) ?? DefaultBatch, count = parse.GetValue(steps) ?? DefaultSteps;
            CommonOptions.RequireSense(parse.GetValue(scale), parse.GetValue(precision));
            TrainingPrecision numbers = CommonOptions.PrecisionOf(parse.GetValue(precision));
            ImageDataset pictures = StripedPictures.Of(3 * samples, architecture, chosen);
            DeviceComparison comparison = DeviceComparison.Of(
                architecture.Build(chosen.Classes, chosen.Input, chosen.Width),
                pictures,
                new TrainingOptions
                {
                    Loss = architecture.Recipe.Loss,
                    Optimizer = Optimizer.Sgd(parse.GetValue(rate) ?? DefaultRate) with
                    {
                        Clipping = parse.GetValue(clip) is { } norm ? GradientClipping.GlobalNorm(norm) : GradientClipping.None,
                    },
                    BatchSize = samples,
                    MaxSteps = count,
                    Epochs = count,
                    Device = parse.GetValue(device) ?? Device.Auto,
                    Precision = numbers,
                    LossScale = parse.GetValue(scale) ?? TrainingOptions.DefaultLossScale,
                    AllowCpuFallback = parse.GetValue(fallback),
                },
                context.Stop);
            double tolerance = numbers == TrainingPrecision.Float16 ? Tolerance16 : Tolerance32;
            Write(context, parse.GetValue(json), architecture, comparison, tolerance);
            return IsAlike(comparison, tolerance) ? CnnCommand.Done : CnnCommand.Failed;
        });
        return command;
    }

    /// <summary>Weights are held together to the bound: a tensor of its own may be a sum of gradients that cancel, and so of rounding.</summary>
    private static bool IsAlike(DeviceComparison comparison, double tolerance) =>
        comparison.Repeats && comparison.LossDeviation <= tolerance && comparison.Distance <= tolerance;

    private static void Write(CommandContext context, bool isJson, Architecture architecture, DeviceComparison comparison, double tolerance)
    {
        string[] fallen = [.. comparison.OnCpu.Select(n => n.Node)];
        if (isJson)
        {
            context.WriteJson(new
            {
                Architecture = architecture.Id,
                Device = $"{comparison.Device}",
                comparison.Losses,
                comparison.LossDeviation,
                comparison.WeightDeviation,
                comparison.WorstTensor,
                comparison.Distance,
                comparison.Repeats,
                Tolerance = tolerance,
                Alike = IsAlike(comparison, tolerance),
                Placement = comparison.Placements,
            });
            return;
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{architecture.Title}, {comparison.Losses.Count} steps on {comparison.Device}: loss {comparison.Losses[0]:0.0000} to {comparison.Losses[^1]:0.0000}; " +
            $"from the CPU's losses part by {comparison.LossDeviation:0.0e+0}, weights by {comparison.WeightDeviation:0.0e+0} ({comparison.WorstTensor}; all together {comparison.Distance:0.0e+0}), " +
            $"where {tolerance:0e+0} is allowed of losses and of all weights together; {(comparison.Repeats ? "the same bits again" : "other bits when done again")}{OnCpu()}"));

        string OnCpu() => comparison.Device is CpuDevice ? string.Empty : $"; on the CPU ran {(fallen.Length == 0 ? "nothing" : string.Join(", ", fallen))}";
    }
}

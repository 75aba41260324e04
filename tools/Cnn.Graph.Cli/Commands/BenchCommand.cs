using System.CommandLine;
using System.Diagnostics;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Bench;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Data;
using Cnn.Graph.Runtime;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn bench</c>: how fast an architecture trains or answers here.</summary>
internal static class BenchCommand
{
    private const string Train = "train", Infer = "infer";
    private const int WarmUpSteps = 3;
    private const int DefaultSteps = 20;

    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<int?> batch = CommonOptions.Batch("Pictures a step; the recipe's batch by default");
        Option<string?> mode = OptionValue.Parsed(
            "--mode", $"{Train} (the default) or {Infer}", text => NamedValues.Find(text, "mode", [Train, Infer]));
        Option<Device?> device = CommonOptions.Device();
        Option<int?> steps = OptionValue.Whole("--steps", $"Steps that are timed, after {WarmUpSteps} that are not; {DefaultSteps} by default");
        Option<string?> precision = CommonOptions.Precision();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench", "Measure how fast an architecture trains or answers on pictures of noise, feeding them included")
        {
            batch, mode, device, precision, steps, json,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            Architecture chosen = design.Architecture(parse);
            Device resolved = Devices.Resolve(parse.GetValue(device) ?? Device.Auto);
            int pictures = parse.GetValue(batch) ?? chosen.Recipe.BatchSize;
            string what = parse.GetValue(mode) ?? Train;
            using IStepBench bench = Prepare(
                chosen, design.Design(parse), pictures, what, resolved, CommonOptions.PrecisionOf(parse.GetValue(precision)));
            double[] times = Measure(bench, parse.GetValue(steps) ?? DefaultSteps, context.Stop);
            double median = times.Length % 2 == 1 ? times[times.Length / 2] : (times[(times.Length / 2) - 1] + times[times.Length / 2]) / 2;
            var result = new Document(median, times[0], 1000 * pictures / median, PeakMemory.Bytes());
            if (parse.GetValue(json))
            {
                context.WriteJson(result);
            }
            else
            {
                context.Output.WriteLine(
                    $"{chosen.Title}, {what}, batch {pictures}, {resolved}: median {Figures.Milliseconds(result.MsMedian)} ms, " +
                    $"fastest {Figures.Milliseconds(result.MsMin)} ms, {Figures.Count(result.ImagesPerSecond)} images/s, " +
                    $"peak {Figures.Count(result.PeakBytes / 1e6)} MB");
            }
        });
        return command;
    }

    private static IStepBench Prepare(Architecture architecture, Design design, int batch, string mode, Device device, TrainingPrecision precision)
    {
        ImageDataset pictures = RandomPictures.Of(batch, architecture, design);
        Network network = architecture.Build(design.Classes, design.Input, design.Width);
        var options = new TrainingOptions { Loss = architecture.Recipe.Loss, Optimizer = architecture.Recipe.Optimizer, Precision = precision };
        return mode == Train ? new TrainBench(network, options, pictures, device) : new InferenceBench(network, pictures, device);
    }

    /// <summary>Milliseconds of each step, the fastest first.</summary>
    private static double[] Measure(IStepBench bench, int steps, CancellationToken stop)
    {
        var times = new double[steps];
        for (int i = -WarmUpSteps; i < steps; i++)
        {
            stop.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            bench.Step();
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return times;
    }

    private sealed record Document(double MsMedian, double MsMin, double ImagesPerSecond, long PeakBytes);
}

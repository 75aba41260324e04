using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;

namespace Cnn.Graph.Cli.Options;

/// <summary>Arguments and options that several verbs share, so that they are spelled and explained alike.</summary>
internal static class CommonOptions
{
    public static Argument<Architecture> Architecture() => new("ARCH")
    {
        Description = "An architecture's id; 'cnn list' shows all",
        CustomParser = result =>
        {
            try
            {
                return Architectures.Architecture.Find(result.Tokens[^1].Value);
            }
            catch (CnnGraphException e)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    public static Argument<string> Model() => new("MODEL.onnx") { Description = "An ONNX model" };

    public static Option<string> Out(string description) => new("--out") { Description = description, HelpName = "FILE", Required = true };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text" };

    public static Option<double?> Width() => OptionValue.Number(
        "--width", "Times the channels of every layer, for a narrower or wider network; 1 by default",
        x => x > 0 && double.IsFinite(x), "a finite number above 0");

    public static Option<int?> Batch(string description) => OptionValue.Whole("--batch", description);

    public static Option<long?> Seed() => OptionValue.Long("--seed", "Decides initial weights, sample order and dropout; 0 by default");

    public static Option<double?> LabelSmoothing() => OptionValue.Number(
        "--label-smoothing",
        "How much of the target is spread over all classes, by softmax cross-entropy; the architecture's own loss by default",
        x => x is >= 0 and < 1,
        "at least 0 and below 1");

    public static Option<Device?> Device() => OptionValue.Parsed(
        "--device", "auto, cpu, directml[:ADAPTER] (a number, LUID or part of a name), webgpu or cuda[:NUMBER]; auto by default: DirectML where it works, else the CPU", Graph.Device.Parse);

    public static Option<string?> Precision() => OptionValue.Parsed(
        "--precision", "float32 (the default), or float16: convolutions and matrix products in 16 bits, the loss scaled",
        text => NamedValues.Find(text, "precision", ["float32", "float16"]));

    public static TrainingPrecision PrecisionOf(string? text) => text == "float16" ? TrainingPrecision.Float16 : TrainingPrecision.Float32;

    public static Option<double?> LossScale() => OptionValue.Number(
        "--loss-scale", "With float16: what the loss is multiplied by at first while gradients are taken; 1024 by default",
        x => x is >= 1 and <= 1 << 24, $"from 1 to {1 << 24}");

    /// <exception cref="UsageException">A scale without what it is for.</exception>
    public static void RequireSense(double? lossScale, string? precision)
    {
        if (lossScale is not null && PrecisionOf(precision) != TrainingPrecision.Float16)
        {
            throw new UsageException("--loss-scale goes with --precision float16.");
        }
    }

    public static Option<bool> AllowCpuFallback() => new("--allow-cpu-fallback")
    {
        Description = "Run on the CPU what the device cannot run, instead of failing with its names",
    };

    /// <summary>What models call the number of classes among their facts where it was named.</summary>
    public const string ClassesFact = "classes";

    /// <summary>More classes than any data set has; without a limit a slip of the hand would ask for more memory than there is.</summary>
    private const int MostClasses = 1 << 24;

    public static Option<int?> Classes(string description) => OptionValue.Whole("--classes", description, max: MostClasses);

    /// <summary>For the verbs whose classes are those of the data.</summary>
    public static Option<int?> ClassesOfData() => Classes(
        "The number of classes, at least as many as the labels need; by default the data set's: for IDX files ten, or as in labels.txt");

    /// <summary>The number of classes that a fact tells; null where there is none.</summary>
    /// <exception cref="CnnGraphException">It is no such number.</exception>
    public static int? ClassesIn(IReadOnlyDictionary<string, string> facts) => !facts.TryGetValue(ClassesFact, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int classes) && classes > 0 ? classes
        : throw new CnnGraphException($"The metadata '{ClassesFact}' must be a whole number of at least 1, not '{text}'.");

    public static Option<string[]> Data() => new("--data")
    {
        Description = "mnist, fashion-mnist, a folder, or files separated by commas: " +
            "IMAGES,LABELS[,TEST-IMAGES,TEST-LABELS] (IDX) or CIFAR .bin files",
        Required = true,
        HelpName = "DATA",
    };
}

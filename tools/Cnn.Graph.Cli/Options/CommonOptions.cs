using System.CommandLine;
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

    public static Option<bool> AllowCpuFallback() => new("--allow-cpu-fallback")
    {
        Description = "Run on the CPU what the device cannot run, instead of failing with its names",
    };

    public static Option<string[]> Data() => new("--data")
    {
        Description = "mnist, fashion-mnist, a folder, or files separated by commas: " +
            "IMAGES,LABELS[,TEST-IMAGES,TEST-LABELS] (IDX) or CIFAR .bin files",
        Required = true,
        HelpName = "DATA",
    };
}

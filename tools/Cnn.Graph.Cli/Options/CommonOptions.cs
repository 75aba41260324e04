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

    public static Option<int?> Classes() => OptionValue.Whole("--classes", "The number of classes; the architecture's own by default");

    public static Option<PictureShape?> Input() => OptionValue.Parsed(
        "--input", "Channels, height and width as CxHxW; the architecture's own by default", PictureShape.Parse);

    public static Option<int?> Batch(string description) => OptionValue.Whole("--batch", description);

    public static Option<long?> Seed() => OptionValue.Long("--seed", "Decides initial weights, sample order and dropout; 0 by default");

    public static Option<double?> LabelSmoothing() => OptionValue.Number(
        "--label-smoothing",
        "How much of the target is spread over all classes, by softmax cross-entropy; the architecture's own loss by default",
        x => x is >= 0 and < 1,
        "at least 0 and below 1");

    public static Option<Device?> Device() => OptionValue.Parsed(
        "--device", "auto, cpu or directml[:ADAPTER]; auto by default: DirectML where it works, else the CPU", Graph.Device.Parse);

    public static Option<string[]> Data() => new("--data")
    {
        Description = "mnist, fashion-mnist, a folder, or files separated by commas: " +
            "IMAGES,LABELS[,TEST-IMAGES,TEST-LABELS] (IDX) or CIFAR .bin files",
        Required = true,
        HelpName = "DATA",
    };
}

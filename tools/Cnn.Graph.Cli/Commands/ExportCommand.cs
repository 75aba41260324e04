using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.OrtTraining;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn export</c>: an architecture with freshly drawn weights, or a checkpoint's, as an ONNX model for inference.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<Architecture> architecture = CommonOptions.Architecture();
        Option<string> path = CommonOptions.Out("The ONNX model to write");
        Option<int?> classes = CommonOptions.Classes();
        Option<PictureShape?> input = CommonOptions.Input();
        Option<long?> seed = CommonOptions.Seed();
        Option<int?> opset = OptionValue.Whole("--opset", $"The ai.onnx operator set, 13 to 21; {Model.DefaultOpset} by default", 13, 21);
        var fold = new Option<bool>("--fold-batchnorm")
        {
            Description = "Fold batch normalizations into the convolutions and dense layers before them",
        };
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "Take the weights from this checkpoint of ONNX Runtime Training instead of drawing them", HelpName = "FILE",
        };
        var command = new Command("export", "Write an architecture with freshly drawn weights, or those of a checkpoint, as an ONNX model")
        {
            architecture, path, classes, input, seed, checkpoint, opset, fold,
        };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            Architecture chosen = parse.GetRequiredValue(architecture);
            if (parse.GetValue(seed) is not null && parse.GetValue(checkpoint) is not null)
            {
                throw new UsageException("--seed and --checkpoint exclude each other: a checkpoint brings its own weights.");
            }

            Network network = chosen.Build(parse.GetValue(classes), parse.GetValue(input)?.Dims);
            var facts = new Dictionary<string, string> { ["architecture"] = chosen.Id };
            Model made;
            if (parse.GetValue(checkpoint) is { } trained)
            {
                made = OrtCheckpoint.Load(trained).ToModel(network);
            }
            else
            {
                long drawnFrom = parse.GetValue(seed) ?? 0;
                facts["seed"] = drawnFrom.ToString(CultureInfo.InvariantCulture);
                made = Model.Initialize(network, drawnFrom);
            }

            if (parse.GetValue(fold))
            {
                made = made.FoldBatchNorms();
            }

            var model = new Model(made.Network, made.Weights) { Card = new ModelCard { Facts = facts } };
            model.SaveOnnx(file, parse.GetValue(opset) ?? Model.DefaultOpset);
            context.Say($"{chosen.Title} with {Figures.Count(model.Network.ParameterCount)} parameters is in '{file}'");
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Onnx;
using Cnn.Graph.OrtTraining;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn export</c>: an architecture with freshly drawn weights, or a checkpoint's, as an ONNX model for inference.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<string> path = CommonOptions.Out("The ONNX model to write");
        Option<long?> seed = CommonOptions.Seed();
        Option<int?> opset = OptionValue.Whole("--opset", $"The ai.onnx operator set, 13 to 21; {Model.DefaultOpset} by default", 13, 21);
        var fold = new Option<bool>("--fold-batchnorm")
        {
            Description = "Fold batch normalizations into the convolutions and dense layers before them",
        };
        Option<long?> external = OptionValue.Long(
            "--external-above", "Weights of more bytes than this go to a second file, FILE.data; 1.5 GiB by default", min: 0);
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "Take the weights from this checkpoint of ONNX Runtime Training instead of drawing them", HelpName = "FILE",
        };
        var command = new Command("export", "Write an architecture with freshly drawn weights, or those of a checkpoint, as an ONNX model")
        {
            path, seed, checkpoint, opset, fold, external,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            Architecture chosen = design.Architecture(parse);
            if (parse.GetValue(seed) is not null && parse.GetValue(checkpoint) is not null)
            {
                throw new UsageException("--seed and --checkpoint exclude each other: a checkpoint brings its own weights.");
            }

            Network network = design.Build(parse);
            long drawnFrom = parse.GetValue(seed) ?? 0;
            Model made = parse.GetValue(checkpoint) is { } trained
                ? OrtCheckpoint.Load(trained).ToModel(network)
                : Model.Initialize(network, drawnFrom);
            var facts = new Dictionary<string, string>(made.Card.Facts) { ["architecture"] = chosen.Id };
            if (parse.GetValue(checkpoint) is null)
            {
                facts["seed"] = drawnFrom.ToString(CultureInfo.InvariantCulture);
            }

            ModelCard card = made.Card with { Facts = facts };
            if (parse.GetValue(fold))
            {
                made = made.FoldBatchNorms();
            }

            var model = new Model(made.Network, made.Weights) { Card = card };
            model.SaveOnnx(file, parse.GetValue(opset) ?? Model.DefaultOpset, parse.GetValue(external) ?? OnnxModel.DefaultEmbedLimit);
            context.Say($"{chosen.Title} with {Figures.Count(model.Network.ParameterCount)} parameters is in '{file}'");
        });
        return command;
    }
}

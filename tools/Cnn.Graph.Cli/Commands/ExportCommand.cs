using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn export</c>: an architecture with freshly drawn weights as an ONNX model for inference.</summary>
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
        var external = OptionValue.Long(
            "--external-above", "Weights of more bytes than this go to a second file, FILE.data; 1.5 GiB by default", min: 0);
        var command = new Command("export", "Write an architecture with freshly drawn weights as an ONNX model")
        {
            path, seed, opset, fold, external,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            Architecture chosen = design.Architecture(parse);
            long drawnFrom = parse.GetValue(seed) ?? 0;
            Model drawn = Model.Initialize(design.Build(parse), drawnFrom);
            if (parse.GetValue(fold))
            {
                drawn = drawn.FoldBatchNorms();
            }

            var model = new Model(drawn.Network, drawn.Weights)
            {
                Card = new ModelCard
                {
                    Facts = new Dictionary<string, string>
                    {
                        ["architecture"] = chosen.Id, ["seed"] = drawnFrom.ToString(CultureInfo.InvariantCulture),
                    },
                },
            };
            model.SaveOnnx(file, parse.GetValue(opset) ?? Model.DefaultOpset, parse.GetValue(external) ?? OnnxModel.DefaultEmbedLimit);
            context.Say($"{chosen.Title} with {Figures.Count(model.Network.ParameterCount)} parameters is in '{file}'");
        });
        return command;
    }
}

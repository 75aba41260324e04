using System.CommandLine;
using System.Globalization;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn export</c>: an architecture with freshly drawn weights as an ONNX model for inference.</summary>
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
        var command = new Command("export", "Write an architecture with freshly drawn weights as an ONNX model")
        {
            architecture, path, classes, input, seed, opset, fold,
        };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            Architecture chosen = parse.GetRequiredValue(architecture);
            long drawnFrom = parse.GetValue(seed) ?? 0;
            Model drawn = Model.Initialize(chosen.Build(parse.GetValue(classes), parse.GetValue(input)?.Dims), drawnFrom);
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
            model.SaveOnnx(file, parse.GetValue(opset) ?? Model.DefaultOpset);
            context.Say($"{chosen.Title} with {Figures.Count(model.Network.ParameterCount)} parameters is in '{file}'");
        });
        return command;
    }
}

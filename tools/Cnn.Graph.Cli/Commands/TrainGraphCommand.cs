using System.CommandLine;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn train-graph</c>: the train-step model itself, for other programs to run.</summary>
internal static class TrainGraphCommand
{
    private const string CrossEntropy = "softmax-cross-entropy", SquaredError = "mean-squared-error";

    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<string> path = CommonOptions.Out("The train-step model to write");
        Option<int?> batch = CommonOptions.Batch("Samples a step; any number by default");
        var optimizer = new OptimizerOptions();
        Option<string?> loss = OptionValue.Parsed(
            "--loss", $"{CrossEntropy} or {SquaredError}; the architecture's own by default", text => NamedValues.Find(text, "loss", [CrossEntropy, SquaredError]));
        Option<string?> precision = CommonOptions.Precision();
        var command = new Command("train-graph", "Write one step of training as an ONNX model: forward pass, loss, gradients and updates")
        {
            path, batch, loss, precision,
        };
        design.AddTo(command);
        foreach (Option option in optimizer.All)
        {
            command.Add(option);
        }

        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            Architecture chosen = design.Architecture(parse);
            Network network = design.Build(parse);
            TrainModel model = TrainModel.Of(
                parse.GetValue(batch) is { } samples ? network.WithBatch(samples) : network,
                parse.GetValue(loss) switch
                {
                    SquaredError => Loss.MeanSquaredError(),
                    CrossEntropy => Loss.SoftmaxCrossEntropy(),
                    _ => chosen.Recipe.Loss,
                },
                optimizer.Read(parse).Build(chosen.Recipe.Optimizer),
                lossScale: CommonOptions.PrecisionOf(parse.GetValue(precision)) == TrainingPrecision.Float16 ? TrainingOptions.DefaultLossScale : null);
            model.Onnx.Save(file);
            context.Say(
                $"a training step of {chosen.Title} with {model.Onnx.Inputs.Count} inputs, {model.Onnx.Outputs.Count} outputs " +
                $"and {model.Onnx.Nodes.Count} nodes is in '{file}'");
        });
        return command;
    }
}

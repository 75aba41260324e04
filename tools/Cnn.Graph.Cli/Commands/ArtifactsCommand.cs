using System.CommandLine;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.OrtTraining;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn artifacts</c>: the four files with which ONNX Runtime Training trains an architecture.</summary>
internal static class ArtifactsCommand
{
    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        var folder = new Option<string>("--out") { Description = "The folder to write them to", HelpName = "DIR", Required = true };
        Option<double?> smoothing = CommonOptions.LabelSmoothing();
        Option<long?> seed = CommonOptions.Seed();
        var init = new Option<string>("--init") { Description = "Start from the weights of this file: ONNX of any origin, or safetensors", HelpName = "FILE" };
        var optimizer = new OptimizerOptions();
        var fixedRate = new Option<bool>("--fixed-lr")
        {
            Description = "Write the learning rate into the optimizer's model, for runtimes that cannot set one, such as that for browsers",
        };
        var feedNoise = new Option<bool>("--feed-noise")
        {
            Description = "Make dropout's masks inputs of the training model instead of having it draw them",
        };
        var command = new Command("artifacts", "Write the models and the checkpoint with which ONNX Runtime Training trains an architecture")
        {
            folder, smoothing, seed, init, fixedRate, feedNoise,
        };
        design.AddTo(command);
        foreach (Option option in optimizer.All)
        {
            command.Add(option);
        }

        command.SetAction(parse =>
        {
            string target = parse.GetRequiredValue(folder);
            Architecture chosen = design.Architecture(parse);
            Network network = design.Build(parse);
            long drawnFrom = parse.GetValue(seed) ?? 0;
            var options = new TrainingArtifactOptions
            {
                Loss = parse.GetValue(smoothing) is { } spread ? Loss.SoftmaxCrossEntropy(spread) : chosen.Recipe.Loss,
                Optimizer = optimizer.Read(parse).Build(chosen.Recipe.Optimizer),
                IsRateFixed = parse.GetValue(fixedRate),
                IsNoiseFed = parse.GetValue(feedNoise),
                Seed = drawnFrom,
            };
            Model model = parse.GetValue(init) is { } path ? WeightFiles.Import(chosen, network, path).ToModel() : Model.Initialize(network, drawnFrom);
            TrainingArtifacts.Of(model, options).Save(target);
            context.Say($"the artifacts of {chosen.Title} with {Figures.Count(network.ParameterCount)} parameters are in '{target}'");
        });
        return command;
    }
}

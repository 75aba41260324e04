using System.CommandLine;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn eval</c>: measures a classifier on a data set.</summary>
internal static class EvalCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string[]> data = CommonOptions.Data();
        Option<int?> classes = CommonOptions.ClassesOfData();
        Option<Device?> device = CommonOptions.Device();
        Option<bool> fallback = CommonOptions.AllowCpuFallback();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("eval", "Measure a classifier on the test set of a data set, or on all of it where it has none")
        {
            model, data, classes, device, fallback, json,
        };
        command.SetAction(parse =>
        {
            EvaluationResult result = Run(
                context, parse.GetRequiredValue(model), parse.GetRequiredValue(data), parse.GetValue(classes),
                parse.GetValue(device) ?? Device.Auto, parse.GetValue(fallback));
            if (parse.GetValue(json))
            {
                context.WriteJson(new { result.Accuracy, result.Top5, result.Loss, result.Samples });
            }
            else
            {
                context.Output.WriteLine(
                    $"accuracy {Figures.Percent(result.Accuracy)}, top 5 {Figures.Percent(result.Top5)}, " +
                    $"loss {Figures.Loss(result.Loss)}, {Figures.Count(result.Samples)} samples");
            }
        });
        return command;
    }

    private static EvaluationResult Run(
        CommandContext context, string path, string[] data, int? classes, Device device, bool allowCpuFallback)
    {
        OnnxModel model = OnnxModel.Load(path);
        IEnumerable<string> weights = model.Initializers.Where(i => i.Type.IsFloatingPoint()).Select(i => i.Name);
        WeightFiles.WarnOfNotFinite(context, path, weights.Select(name => (name, model.GetInitializer(name))));
        ModelCard card = ModelCard.Read(model.Metadata);
        DataSplits splits = DataSource.Open(
            string.Join(',', data), report: context.Say, classes: classes ?? CommonOptions.ClassesIn(card.Facts));
        splits = Canvas.Apply(splits, card.Facts);
        Normalization? own = card.Normalization;
        if (own is null)
        {
            context.Say($"'{path}' does not say how its inputs are made of pixels; taking the data set's {splits.Normalization}");
        }

        Normalization normalization = own ?? splits.Normalization;
        if (normalization.Channels != splits.Train.Channels)
        {
            throw new CnnGraphException(
                $"'{path}' takes pictures of {normalization.Channels} channels, but those of '{splits.Name}' have {splits.Train.Channels}.");
        }

        using var evaluator = new Evaluator(model, device, allowCpuFallback);
        return evaluator.Evaluate(splits.Evaluation, normalization, cancellationToken: context.Stop);
    }
}

using System.CommandLine;
using System.Numerics;
using System.Text.Json.Serialization;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Training;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn describe</c>: the layers of an architecture and what they cost.</summary>
internal static class DescribeCommand
{
    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<bool> json = CommonOptions.Json();
        var html = new Option<string?>("--html")
        {
            Description = "Write a page with the layers drawn as a graph to a file, instead of text", HelpName = "FILE",
        };
        var command = new Command("describe", "Show the layers of an architecture: shapes, parameters, operations, receptive field, memory")
        {
            html, json,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            string? page = parse.GetValue(html);
            if (page is not null)
            {
                AtomicFile.EnsureWritable(page);
            }

            Architecture chosen = design.Architecture(parse);
            Network network = design.Build(parse);
            var training = TrainingMemory.Of(network, chosen.Recipe.Loss, chosen.Recipe.Optimizer);
            if (page is not null)
            {
                NetworkPage.Save(network, page, training);
                context.Say($"the layers of {chosen.Title} are drawn in '{page}'");
            }

            if (parse.GetValue(json))
            {
                context.WriteJson(Document.Of(chosen, design.Design(parse), NetworkSummary.Of(network), training));
            }
            else if (page is null)
            {
                context.Output.WriteLine(network);
                context.Output.WriteLine(
                    $"  training as in its recipe keeps {Figures.Count(training.SampleBytes)} bytes of activations a sample, and " +
                    $"{Figures.Count(training.ParameterBytes)} of variables, {Figures.Count(training.GradientBytes)} of gradients, " +
                    $"{Figures.Count(training.StateBytes)} of the optimizer");
            }
        });
        return command;
    }

    private sealed record Document(
        string Id,
        IReadOnlyList<int> Input,
        int Classes,
        long Params,
        long Macs,
        int WeightLayers,
        long ActivationBytes,
        long ForwardBytes,
        Training TrainingBytes,
        long Connections,
        Share Convolutions,
        Share Dense,
        IEnumerable<Layer> Layers)
    {
        public static Document Of(
            Architecture architecture, Design design, NetworkSummary summary, TrainingMemory training) => new(
            architecture.Id, design.Input, design.Classes, summary.Parameters, summary.Macs, summary.WeightLayers,
            summary.ActivationBytes, summary.ForwardBytes,
            new Training(training.SampleBytes, training.ParameterBytes, training.GradientBytes, training.StateBytes),
            summary.Connections, ShareOf(summary.Convolutions), ShareOf(summary.Dense),
            summary.Layers.Select(l => new Layer(
                l.Name, l.Operator, l.Output, l.Parameters, l.Macs,
                Side(l.ReceptiveField, 1), Side(l.Jump, 1), Side(l.Center, 0.5), l.Connections)));

        private static Share ShareOf(LayerShare share) =>
            new(share.Layers, share.Parameters, share.Macs, share.ParameterShare, share.MacShare);

        /// <summary>One number for a square, height and width else: nearly all are squares.</summary>
        private static object Side<T>(IReadOnlyList<T> sides, T none)
            where T : struct, INumber<T> => sides.Distinct().Count() > 1 ? sides : sides.FirstOrDefault(none);
    }

    /// <summary>What training with the recipe keeps: for each sample, and once.</summary>
    private sealed record Training(long Sample, long Parameters, long Gradients, long States);

    private sealed record Share(int Layers, long Params, long Macs, double ParamShare, double MacShare);

    private sealed record Layer(
        string Name,
        string Op,
        [property: JsonPropertyName("out")] IReadOnlyList<long> Output,
        long Params,
        long Macs,
        object ReceptiveField,
        object Jump,
        object Center,
        long Connections);
}

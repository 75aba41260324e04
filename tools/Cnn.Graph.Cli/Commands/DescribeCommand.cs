using System.CommandLine;
using System.Numerics;
using System.Text.Json.Serialization;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn describe</c>: the layers of an architecture and what they cost.</summary>
internal static class DescribeCommand
{
    public static Command Create(CommandContext context)
    {
        var design = new DesignOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("describe", "Show the layers of an architecture: shapes, parameters, operations, receptive field")
        {
            json,
        };
        design.AddTo(command);
        command.SetAction(parse =>
        {
            Network network = design.Build(parse);
            if (parse.GetValue(json))
            {
                context.WriteJson(Document.Of(design.Architecture(parse), design.Design(parse), NetworkSummary.Of(network)));
            }
            else
            {
                context.Output.WriteLine(network);
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
        IEnumerable<Layer> Layers)
    {
        public static Document Of(Architecture architecture, Design design, NetworkSummary summary) => new(
            architecture.Id, design.Input, design.Classes, summary.Parameters, summary.Macs, summary.WeightLayers, summary.ActivationBytes,
            summary.Layers.Select(l => new Layer(l.Name, l.Operator, l.Output, l.Parameters, l.Macs, Side(l.ReceptiveField), Side(l.Jump))));

        /// <summary>One number for a square, height and width else: nearly all are squares.</summary>
        private static object Side<T>(IReadOnlyList<T> sides)
            where T : struct, INumber<T> => sides.Distinct().Count() > 1 ? sides : sides.FirstOrDefault(T.One);
    }

    private sealed record Layer(
        string Name,
        string Op,
        [property: JsonPropertyName("out")] IReadOnlyList<long> Output,
        long Params,
        long Macs,
        object ReceptiveField,
        object Jump);
}

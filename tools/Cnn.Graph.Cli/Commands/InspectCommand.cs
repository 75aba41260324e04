using System.CommandLine;
using System.Text.Json.Serialization;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Onnx;
using Cnn.Graph.Runtime;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn inspect</c>: what there is to say about any ONNX file.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> model = CommonOptions.Model();
        Option<Device?> device = OptionValue.Parsed(
            "--device", "Run it once on zeros on cpu, directml[:ADAPTER], webgpu or cuda, and tell where each node ran", Graph.Device.Parse);
        Option<bool> json = CommonOptions.Json();
        var command = new Command("inspect", "Show what an ONNX model takes, gives and holds, and what a check of it finds") { model, device, json };
        command.SetAction(parse =>
        {
            var inspection = new OnnxInspection(OnnxModel.Load(parse.GetRequiredValue(model)));
            IReadOnlyList<NodePlacement>? placement = parse.GetValue(device) is { } chosen ? NodePlacement.Of(inspection.Model, chosen) : null;
            if (parse.GetValue(json))
            {
                context.WriteJson(Document.Of(inspection) with { Placement = placement });
            }
            else
            {
                Print(context.Output, inspection);
                PlacementLines.Write(context.Output, placement ?? []);
            }
        });
        return command;
    }

    private static void Print(TextWriter output, OnnxInspection inspection)
    {
        OnnxModel model = inspection.Model;
        string producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        output.WriteLine($"graph     {model.GraphName}");
        output.WriteLine($"producer  {(producer.Length > 0 ? producer : "unknown")}, IR {model.IrVersion}");
        output.WriteLine($"opsets    {string.Join(", ", model.Opsets.Select(o => $"{o.Key} {o.Value}"))}");
        WriteAll("input", model.Inputs);
        WriteAll("output", model.Outputs);
        output.WriteLine($"nodes     {inspection.NodeCount}: {string.Join(", ", inspection.OperatorCounts.Select(o => $"{o.Key} {o.Value}"))}");
        output.WriteLine($"params    {Figures.Count(inspection.Parameters)}");
        foreach ((string key, string value) in model.Metadata)
        {
            output.WriteLine($"metadata  {key} = {(value.Length > 100 ? $"{value[..100]}…" : value)}");
        }

        WriteAll("finding", inspection.Findings);
        if (inspection.Findings.Count == 0)
        {
            output.WriteLine("findings  none");
        }

        void WriteAll<T>(string label, IEnumerable<T> items)
        {
            foreach (T item in items)
            {
                output.WriteLine($"{label,-10}{item}");
            }
        }
    }

    private sealed record Document(
        long IrVersion,
        string Producer,
        string Graph,
        IReadOnlyDictionary<string, long> Opsets,
        IEnumerable<Port> Inputs,
        IEnumerable<Port> Outputs,
        int Nodes,
        IReadOnlyDictionary<string, int> Operators,
        long Params,
        IReadOnlyDictionary<string, string> Metadata,
        IEnumerable<Finding> Findings)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<NodePlacement>? Placement { get; init; }

        public static Document Of(OnnxInspection inspection) => new(
            inspection.Model.IrVersion,
            $"{inspection.Model.ProducerName} {inspection.Model.ProducerVersion}".Trim(),
            inspection.Model.GraphName,
            inspection.Model.Opsets,
            inspection.Model.Inputs.Select(Port.Of),
            inspection.Model.Outputs.Select(Port.Of),
            inspection.NodeCount,
            inspection.OperatorCounts,
            inspection.Parameters,
            inspection.Model.Metadata,
            inspection.Findings.Select(f => new Finding(f.Severity.ToString().ToLowerInvariant(), f.Message)));
    }

    /// <summary>A dimension is a number, a symbol, or null where nothing is known; the shape is null where not even its rank is.</summary>
    private sealed record Port(string Name, string Type, IEnumerable<object?>? Shape)
    {
        public static Port Of(OnnxValue value) => new(value.Name, value.TypeName, value.Dims?.Select(d => (object?)d.Size ?? d.Symbol));
    }

    private sealed record Finding(string Severity, string Message);
}

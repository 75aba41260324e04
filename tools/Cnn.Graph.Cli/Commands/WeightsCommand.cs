using System.CommandLine;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn weights</c>: moves weights between files and names.</summary>
internal sealed class WeightsCommand
{
    private const string Own = "own", Torchvision = "torchvision";

    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "An ONNX model of any origin, or a .safetensors file" };
    private readonly Option<string> _out = CommonOptions.Out("A .safetensors file, or with --into an ONNX model, to write");
    private readonly Option<Architecture?> _into = OptionValue.Parsed(
        "--into", "The architecture that the weights are for; without it, tensors are moved as they are", Architecture.Find);

    private readonly Option<int?> _classes = CommonOptions.Classes("With --into: the number of classes; the model's own by default");
    private readonly Option<SampleShape?> _input = OptionValue.Parsed(
        "--input", "With --into: channels, height and width as CxHxW; the model's own by default", SampleShape.Parse);

    private readonly Option<double?> _width = CommonOptions.Width();

    private readonly Option<string> _map = new("--map")
    {
        Description = "With --into: a JSON file that gives the file's name for each name here", HelpName = "FILE",
    };

    private readonly Option<string?> _names = OptionValue.Parsed(
        "--names", $"With --into: what a .safetensors file calls its tensors, {Own} (the default) or {Torchvision}",
        text => NamedValues.Find(text, "names", [Own, Torchvision]));

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create(CommandContext context)
    {
        var options = new WeightsCommand();
        var command = new Command("weights", "Move weights between files and names")
        {
            options._model, options._out, options._into, options._classes, options._input, options._width, options._map, options._names,
            options._json,
        };
        command.SetAction(parse => options.Run(context, parse));
        return command;
    }

    private void Run(CommandContext context, ParseResult parse)
    {
        string from = parse.GetRequiredValue(_model), to = parse.GetRequiredValue(_out);
        if (parse.GetValue(_into) is { } architecture)
        {
            AtomicFile.EnsureWritable(to);
            Fill(context, parse, architecture, from, to);
            return;
        }

        Option[] given = [.. new Option[] { _classes, _input, _width, _map, _names }.Where(o => parse.GetResult(o) is { Implicit: false })];
        if (given.Length > 0 || !WeightFiles.IsSafeTensors(to))
        {
            throw new UsageException(
                given.Length > 0 ? $"{given[0].Name} goes with --into: name the architecture."
                : $"'{to}' would be an ONNX model: name the architecture with --into, or a .safetensors file for the weights alone.");
        }

        AtomicFile.EnsureWritable(to);
        SafeTensorsFile tensors = WeightFiles.IsSafeTensors(from) ? SafeTensorsFile.Load(from) : Gather(OnnxModel.Load(from));
        WeightFiles.WarnOfNotFinite(context, from, tensors.Tensors.Select(t => (t.Key, t.Value)));
        tensors.Save(to);
        string[] names = [.. tensors.Tensors.Keys];
        context.Say($"{names.Length} tensors are in '{to}'");
        if (parse.GetValue(_json))
        {
            context.WriteJson(new Document(from, to, null, null, names.Length, [], [], []));
        }
    }

    private void Fill(CommandContext context, ParseResult parse, Architecture architecture, string from, string to)
    {
        OnnxModel? onnx = WeightFiles.IsSafeTensors(from) ? null : OnnxModel.Load(from);
        Network network = architecture.Build(
            parse.GetValue(_classes) ?? ClassesOf(onnx), parse.GetValue(_input)?.Dims ?? PictureOf(onnx), parse.GetValue(_width) ?? 1);
        IReadOnlyDictionary<string, string>? keys = parse.GetValue(_names) == Torchvision ? architecture.StateDictKeys(network) : null;
        WeightImport import = WeightFiles.Import(
            architecture, network, from, parse.GetValue(_map) is { } map ? WeightFiles.ReadMap(map) : null);
        Model filled = import.ToModel();
        var facts = new Dictionary<string, string>(import.Card.Facts) { ["architecture"] = architecture.Id };
        ModelCard card = import.Card with { Facts = facts };
        if (WeightFiles.IsSafeTensors(to))
        {
            filled.SaveSafeTensors(to, keys, card.Facts);
        }
        else
        {
            new Model(filled.Network, filled.Weights) { Card = card }.SaveOnnx(to);
        }

        context.Say($"{import} {architecture.Title} is in '{to}'");
        if (parse.GetValue(_json))
        {
            context.WriteJson(new Document(
                from, to, architecture.Id, import.IsByName ? "name" : "order and shape", import.Matches.Count,
                import.Matches.Where(m => m.Change != WeightChange.None).Select(m => new Changed(m.Variable, m.Source, $"{m.Change}")),
                import.Missing, import.Unused));
        }
    }

    /// <summary>The weights of a model under the names that its maker knows them by.</summary>
    private static SafeTensorsFile Gather(OnnxModel model)
    {
        Dictionary<string, TensorData> tensors = Model.ParametersOf(model) is { } own
            ? own.ToDictionary(name => name, name => model.GetInitializer(GraphEncoder.Identifier(name)))
            : model.Initializers.ToDictionary(i => i.Name, i => model.GetInitializer(i.Name));
        return new SafeTensorsFile(tensors, ModelCard.Read(model.Metadata).Facts);
    }

    private static int? ClassesOf(OnnxModel? model) =>
        model?.Outputs is [{ Dims: [_, { Size: { } classes }] }, ..] ? (int)classes : null;

    private static IReadOnlyList<int>? PictureOf(OnnxModel? model) =>
        model?.Inputs is [{ Dims: [_, { Size: { } channels }, { Size: { } height }, { Size: { } width }] }, ..]
            ? [(int)channels, (int)height, (int)width]
            : null;

    private sealed record Document(
        string From,
        string Out,
        string? Into,
        string? FoundBy,
        int Matched,
        IEnumerable<Changed> Changed,
        IReadOnlyList<string> Missing,
        IReadOnlyList<string> Unused);

    private sealed record Changed(string Variable, string? Source, string Change);
}

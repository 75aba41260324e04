using System.CommandLine;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Files;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn roundtrip</c>: reads an ONNX model and writes it back; no bit of a weight changes.</summary>
internal static class RoundtripCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> path = CommonOptions.Out("The ONNX model to write");
        var command = new Command("roundtrip", "Read an ONNX model and write it back through the library's own form") { model, path };
        command.SetAction(parse =>
        {
            string file = parse.GetRequiredValue(path);
            AtomicFile.EnsureWritable(file);
            OnnxModel.Load(parse.GetRequiredValue(model)).Save(file);
            context.Say($"the model is in '{file}'");
        });
        return command;
    }
}

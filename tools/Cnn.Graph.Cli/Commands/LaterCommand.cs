using System.CommandLine;

namespace Cnn.Graph.Cli.Commands;

/// <summary>A verb whose name is taken, but which this version cannot do.</summary>
internal static class LaterCommand
{
    public static Command Create(CommandContext context, string name, string description)
    {
        // Its options are not known yet either; whatever comes is answered alike.
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(_ =>
        {
            context.Say($"'{name}' is not available in this version.");
            return CnnCommand.Failed;
        });
        return command;
    }
}

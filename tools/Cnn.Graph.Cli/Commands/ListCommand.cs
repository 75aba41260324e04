using System.CommandLine;
using Cnn.Graph.Architectures;
using Cnn.Graph.Cli.Options;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn list</c>: every architecture.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Show every architecture") { json };
        command.SetAction(parse => Run(context, parse.GetValue(json)));
        return command;
    }

    private static void Run(CommandContext context, bool asJson)
    {
        Entry[] entries = [.. Architecture.All.Select(a => new Entry(a.Id, a.Title, a.Year, a.Input, a.Build().ParameterCount))];
        if (asJson)
        {
            context.WriteJson(entries);
            return;
        }

        context.Output.Write(TextTable.Of(
            ["id", "title", "year", "input", "parameters"],
            entries.Select(e => new[] { e.Id, e.Title, $"{e.Year}", Figures.Shape(e.Input), Figures.Count(e.Params) }),
            firstNumber: 4));
    }

    private sealed record Entry(string Id, string Title, int Year, IReadOnlyList<int> Input, long Params);
}

using System.CommandLine;
using Cnn.Graph.Cli.Commands;
using Cnn.Graph.Text;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Cli;

/// <summary>The program <c>cnn</c>: all verbs, and how errors become messages and exit codes.</summary>
internal static class CnnCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Runs one command line.</summary>
    /// <returns>0 done, 1 the work failed, 2 wrong usage; in the last two cases one line on the error stream says why.</returns>
    public static int Run(IReadOnlyList<string> args, CommandContext context)
    {
        // An argument that begins with @ is a file's name, not a file of further arguments.
        ParseResult parse = Create(context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            RequireUnderstood(parse);
            return parse.Invoke(new InvocationConfiguration
            {
                Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            (int code, string message) = Explain(e);
            context.Say(message.ReplaceLineEndings(" "));
            return code;
        }
    }

    private static RootCommand Create(CommandContext context) => new("Convolutional networks: define, train, measure and ship them as ONNX.")
    {
        ListCommand.Create(context),
        DescribeCommand.Create(context),
        ExportCommand.Create(context),
        TrainCommand.Create(context),
        EvalCommand.Create(context),
        TrainGraphCommand.Create(context),
        ArtifactsCommand.Create(context),
        WeightsCommand.Create(context),
        InspectCommand.Create(context),
        RoundtripCommand.Create(context),
        DevicesCommand.Create(context),
        VerifyCommand.Create(context),
        BenchCommand.Create(context),
    };

    private static void RequireUnderstood(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string help = command is RootCommand ? "'cnn --help'" : $"'cnn {command.Name} --help'";
        if (command.TreatUnmatchedTokensAsErrors && parse.UnmatchedTokens.Count > 0)
        {
            string word = parse.UnmatchedTokens[0];
            string[] known = [.. word.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name)];
            string proposal = known.Length > 0 ? $" {Proposal.For(word, known)}" : string.Empty;
            throw new UsageException($"'{word}' is not understood here.{proposal} See {help}.");
        }

        if (command is RootCommand && parse.Errors.Count > 0)
        {
            throw new UsageException($"a verb is needed: {string.Join(", ", command.Subcommands.Select(c => c.Name))}. See {help}.");
        }

        if (parse.Errors.Count > 0)
        {
            string faults = string.Join("; ", parse.Errors.Select(e => e.Message.TrimEnd('.')).Distinct());
            throw new UsageException($"{faults}{(faults.EndsWith('?') ? string.Empty : ".")} See {help}.");
        }
    }

    private static (int Code, string Message) Explain(Exception error) => error switch
    {
        UsageException => (WrongUsage, error.Message),
        CnnGraphException or IOException or UnauthorizedAccessException => (Failed, error.Message),
        OperationCanceledException => (Failed, "stopped"),
        OnnxRuntimeException => (Failed, $"ONNX Runtime: {error.Message}"),
        OutOfMemoryException =>
            (Failed, "there is not enough memory for that. Take a smaller batch, a smaller network or smaller pictures."),
        ArgumentException { ParamName: "path" } => (Failed, "a file must have a name, but the one given is empty."),
        OverflowException => (Failed, "the sizes that were asked for are too large to compute with."),
        _ => (Failed, $"unexpected {error.GetType().Name}: {error.Message}"),
    };
}

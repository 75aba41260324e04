using Cnn.Graph.Cli;

using var stop = new StopSignals(Console.Error);
return CnnCommand.Run(args, new CommandContext(Console.Out, Console.Error)
{
    IsTerminal = !Console.IsErrorRedirected, Stop = stop.Token,
});

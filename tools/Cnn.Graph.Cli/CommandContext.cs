namespace Cnn.Graph.Cli;

/// <summary>What a command works with apart from its options.</summary>
/// <param name="Output">Results go here: text, or the one JSON document.</param>
/// <param name="Error">Messages and progress go here.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Error)
{
    /// <summary>Whether a person watches <see cref="Error"/>, so that a line may be written over.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Asks to stop at the next good moment.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Tells the user something that is no result.</summary>
    public void Say(string message) => Error.WriteLine($"cnn: {message}");
}

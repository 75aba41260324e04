namespace Cnn.Graph.Cli;

/// <summary>The words of the command line do not make sense; the exit code is 2.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);

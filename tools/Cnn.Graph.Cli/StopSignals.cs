using System.Runtime.InteropServices;

namespace Cnn.Graph.Cli;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks to stop at the next good moment, so that nothing is lost; the second ends the program at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _error;

    public StopSignals(TextWriter error)
    {
        _error = error;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Without Cancel, the signal does what it does by default.
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            if (!Console.IsErrorRedirected)
            {
                // The terminal shows ^C in the line of the progress.
                _error.WriteLine();
            }

            _error.WriteLine("cnn: stopping after the present step; once more stops at once");
            _source.Cancel();
        }
    }
}

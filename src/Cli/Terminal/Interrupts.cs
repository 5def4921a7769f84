using System.Runtime.InteropServices;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the work to stop at the next safe point, a second one ends the process at once.
/// What is on disk stays resumable either way.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;
    int _count;

    public Interrupts(Screen screen)
    {
        void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            if (Interlocked.Increment(ref _count) == 1)
            {
                screen.Note("dbatch: stopping at the next safe point (again: at once)");
                _ = _source.CancelAsync();
                return;
            }
            screen.Restore();
            Environment.Exit(ExitCodes.Interrupted);
        }
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }
}

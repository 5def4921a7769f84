using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli;

/// <summary>Turns whatever a command throws into a message and an exit code; a stack trace never reaches the user unasked.</summary>
internal static class ErrorBoundary
{
    /// <summary>The environment variable that shows the details of unexpected errors on standard error.</summary>
    public const string DebugVariable = "DBATCH_DEBUG";

    /// <summary>Runs a command's work under Ctrl-C and SIGTERM.</summary>
    public static async Task<int> RunAsync(Screen screen, Func<CancellationToken, Task<int>> work)
    {
        using var interrupts = new Interrupts(screen);
        try
        {
            return await work(interrupts.Token);
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            screen.Note("dbatch: interrupted; run the same command again to go on");
            return ExitCodes.Interrupted;
        }
        catch (ProblemsException e)
        {
            foreach (Problem problem in e.Problems) screen.Error(problem.ToString());
            return ExitCodes.BadInput;
        }
        catch (RemoteException e)
        {
            foreach (var error in e.Errors)
                screen.Error(new Problem(error.File, error.Pointer, error.Line, error.Column, error.Message).ToString());
            screen.Error($"dbatch: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is RootInUseException or RootUnwritableException)
        {
            screen.Error($"dbatch: {e.Message}");
            return ExitCodes.Failed;
        }
        catch (UserException e)
        {
            screen.Error($"dbatch: {e.Message}");
            return ExitCodes.BadInput;
        }
        catch (Exception e)
        {
            Unexpected(screen, e);
            return ExitCodes.Failed;
        }
    }

    static void Unexpected(Screen screen, Exception e)
    {
        string what = FileTrouble.Told(e).Split('\n')[0].TrimEnd();
        string line = e is IOException or UnauthorizedAccessException
            ? $"dbatch: {what}"
            : $"dbatch: unexpected error: {what} ({e.GetType().Name})";
        if (Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 } and not "0")
        {
            screen.Error(line);
            screen.Note(e.ToString());
            return;
        }
        string file = Path.Combine(Path.GetTempPath(), $"dbatch-error-{Environment.ProcessId}.txt");
        try
        {
            File.WriteAllText(file, e.ToString());
            screen.Error($"{line}; details are in {file} ({DebugVariable}=1 shows them here)");
        }
        catch (Exception w) when (w is IOException or UnauthorizedAccessException)
        {
            screen.Error($"{line}; {DebugVariable}=1 shows the details");
        }
    }
}

/// <summary>The exit codes of <c>dbatch</c>.</summary>
internal static class ExitCodes
{
    /// <summary>All done; item errors below their job's threshold included.</summary>
    public const int Done = 0;

    /// <summary>Something failed; under <c>--strict</c> also a single item.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a manifest, an input file or a checkpoint is wrong; nothing was written.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM; the same command goes on from there.</summary>
    public const int Interrupted = 130;
}

/// <summary>Bad input that has a one-line message for the user; <c>dbatch</c> ends with exit code 2.</summary>
internal sealed class UserException(string message) : Exception(message);

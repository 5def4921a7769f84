namespace DiffusionBatch.Cli;

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

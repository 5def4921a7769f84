using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Remote;

/// <summary>A server that can't be reached, or that refused a request.</summary>
/// <param name="message">What went wrong and what to do.</param>
/// <param name="exitCode">The exit code that it makes.</param>
internal sealed class RemoteException(string message, int exitCode) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Each thing that is wrong with what was handed in.</summary>
    public IReadOnlyList<ApiError> Errors { get; init; } = [];

    /// <summary>The status that the server answered with, or 0.</summary>
    public int Status { get; init; }
}

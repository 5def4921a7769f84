using DiffusionBatch.Cli.Running;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Remote;

/// <summary>
/// Shows a job's progress until it ends, in the way that fits the screen. The job goes on at the server when its user stops looking.
/// </summary>
internal static class Following
{
    /// <summary>Follows a job to its end, says what became of it, and returns the exit code.</summary>
    public static async Task<int> RunAsync(Screen screen, ApiClient client, string id, bool strict, CancellationToken cancellationToken)
    {
        try
        {
            JobView job = await ToEndAsync(screen, client, id, cancellationToken);
            JobText.Tell(screen, job);
            screen.Note($"dbatch: {job.Name} is {JobStates.Name(job.State)}");
            return JobText.ExitCode(job, strict);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Note($"dbatch: {id} goes on; look again with 'dbatch watch {id}', or stop it with 'dbatch cancel {id}'");
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>Follows a job to its end.</summary>
    public static Task<JobView> ToEndAsync(Screen screen, ApiClient client, string id, CancellationToken cancellationToken) =>
        ProgressView.RunAsync(
            screen, progress => new JobWatch(client).RunAsync(id, job => JobProgresses.Report(progress, job), cancellationToken));
}

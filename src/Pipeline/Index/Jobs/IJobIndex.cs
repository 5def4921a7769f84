namespace DiffusionBatch.Pipeline.Index;

/// <summary>The jobs of the index.</summary>
public interface IJobIndex
{
    /// <summary>
    /// Enters a job, or a pipeline with its jobs, and a message to plan each that waits for nothing.
    /// </summary>
    /// <exception cref="QuotaExceededException">The tenant has as many items queued as it may; nothing was entered.</exception>
    Task<SubmitOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken = default);

    /// <summary>A job, or null.</summary>
    Task<JobRow?> GetAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>A page of jobs, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cursor"><see cref="JobPage.Next"/> of the page before, or null for the first.</param>
    /// <param name="limit">The most jobs of the page, at least 1.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>The jobs of a pipeline in the manifest's order.</summary>
    Task<IReadOnlyList<JobRow>> ChildrenAsync(string pipeline, CancellationToken cancellationToken = default);

    /// <summary>The ids of the jobs that a job needs.</summary>
    Task<IReadOnlyList<string>> NeedsAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>How far a job is, for status and progress; all zero where it is unknown.</summary>
    Task<JobFigures> FiguresAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>The files that a job has made so far, by path.</summary>
    Task<IReadOnlyList<ArtifactRow>> ArtifactsAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Whether a job with that output and fingerprint is finished, in whatever submission.</summary>
    Task<bool> HasFinishedAsync(string output, string fingerprint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a job; in the same transaction its waiting tasks are cancelled, jobs that need it become ready (or fail, or
    /// are cancelled, as it did), and its pipeline's state is made anew.
    /// </summary>
    /// <returns>False: it had ended already; nothing was changed.</returns>
    /// <exception cref="InvalidOperationException">It may not go from its state to that one (see
    /// <see cref="Pipeline.Jobs.JobStateMachine"/>), or there is no such job.</exception>
    Task<bool> FinishAsync(string job, JobEnd end, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels a job, or all jobs of a pipeline: at once where nothing was planned, else it is <c>cancelling</c> until
    /// its running tasks have stopped; what is finished stays.
    /// </summary>
    Task<CancelOutcome> CancelAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tries a failed job again: what is done of it stays, its given-up and cancelled tasks are queued, and jobs that failed by needing
    /// it are <c>blocked</c>. False: it hasn't failed, or has no task that could be tried again.
    /// </summary>
    Task<bool> RetryAsync(string job, CancellationToken cancellationToken = default);
}

using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>The ends that a claimed task can have: committed, given back, failed, stopped, lost. Each is reached once.</summary>
internal sealed class TaskEnding(IPipelineIndex index, Finalizer finalizer, OutboxRelay relay, ResumeFiles resume, WorkerOptions options,
    WorkerLog log)
{
    static readonly TimeSpan s_longestDelay = TimeSpan.FromMinutes(10), s_away = TimeSpan.FromSeconds(5);

    /// <summary>Tells the index what a task made, then deletes its message.</summary>
    public async Task CommitAsync(TaskClaim claim, TaskCommit commit, PoisonEntry? poison, CancellationToken cancellationToken)
    {
        CommitOutcome outcome = poison is null
            ? await index.Tasks.CommitAsync(claim.Task.Key, claim.Task.Attempt, commit, cancellationToken)
            : await index.Tasks.PoisonAsync(claim.Task.Key, claim.Task.Attempt, poison, commit, cancellationToken);
        if (!outcome.Committed)
        {
            log.Fenced(claim.Task.Key, claim.Task.Attempt);
            await claim.DisposeAsync();
            return;
        }
        claim.Span.End(poison is null ? "completed" : "poisoned");
        if (poison is null) log.Committed(claim.Task.Key, commit.Succeeded, commit.Errored);
        else log.Poisoned(claim.Task.Key, poison.Reason);
        await claim.DeleteAsync(cancellationToken);
        await claim.DisposeAsync();
        if (outcome.LastOfJob || outcome.ReadyParent is not null || outcome.MakesRoom) await RelayAsync(cancellationToken);
    }

    /// <summary>Sends at once what a change has left in the outbox.</summary>
    public Task RelayAsync(CancellationToken cancellationToken) => relay.RunOnceAsync(cancellationToken);

    /// <summary>Gives a task back with its progress: the worker stops.</summary>
    public async Task GiveBackAsync(TaskClaim claim, PreparedTask? task, CancellationToken cancellationToken)
    {
        await SaveAsync(task, cancellationToken);
        if (await claim.ReleaseAsync(TaskRelease.GivenBack, cancellationToken)) log.GivenBack(claim.Task.Key);
        else log.Fenced(claim.Task.Key, claim.Task.Attempt);
    }

    /// <summary>Lets go of a task whose job has ended, or can't go on.</summary>
    public async Task StopAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        if (!await claim.ReleaseAsync(TaskRelease.Stopped, cancellationToken)) log.Fenced(claim.Task.Key, claim.Task.Attempt);
    }

    /// <summary>Ends a task whose claim has ended: its job was stopped, or another has it.</summary>
    public async Task EndAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        if (claim.IsStopped && await claim.ReleaseAsync(TaskRelease.Stopped, cancellationToken))
        {
            log.Stopped(claim.Task.Key);
            await finalizer.FinalizeAsync(claim.Task.JobId, cancellationToken);
            await relay.RunOnceAsync(cancellationToken);
            return;
        }
        log.Fenced(claim.Task.Key, claim.Task.Attempt);
        await claim.DisposeAsync();
    }

    /// <summary>Ends a task that failed: bad input fails its job; anything else is tried again later, from what was saved.</summary>
    public async Task FailAsync(TaskClaim claim, PreparedTask? task, Exception exception, CancellationToken cancellationToken)
    {
        claim.Span.Activity.Failed(exception);
        if (exception is ProblemsException or FileChangedException)
        {
            IReadOnlyList<Problem> problems = exception is ProblemsException bad
                ? bad.Problems
                : [Problem.OfFile(((FileChangedException)exception).Path, exception.Message)];
            if (await index.Jobs.GetAsync(claim.Task.JobId, cancellationToken) is { } job)
                await finalizer.FailAsync(job, Problem.Sentence(problems), problems, cancellationToken, keep: true);
            await StopAsync(claim, cancellationToken);
            return;
        }
        await SaveAsync(task, cancellationToken);
        if (exception is TaskFailedException || options.FailsJob(claim.Task, exception))
        {
            log.FailedForGood(exception, claim.Task.Key, claim.Task.Attempt);
            if (await index.Jobs.GetAsync(claim.Task.JobId, cancellationToken) is { } job)
                await finalizer.FailAsync(job, exception is TaskFailedException ? exception.Message : Sentence(exception), [],
                    cancellationToken, keep: true);
            await StopAsync(claim, cancellationToken);
            return;
        }
        // That storage or the index is away says nothing about the task.
        bool away = IsAway(exception);
        TimeSpan delay = away ? s_away : DelayAfter(claim.Task.Failures + 1);
        log.Failed(exception, claim.Task.Key, claim.Task.Attempt, delay.TotalSeconds);
        TaskRelease release = away ? TaskRelease.GivenBack with { Delay = delay } : TaskRelease.Failed(Sentence(exception), delay);
        if (!await claim.ReleaseAsync(release, cancellationToken)) log.Fenced(claim.Task.Key, claim.Task.Attempt);
    }

    /// <summary>Whether storage or the index couldn't be reached.</summary>
    public static bool IsAway(Exception e) => e is StorageException { Failure: StorageFailure.Unavailable } or IndexUnavailableException;

    // How long a task waits after its n-th failure in a row: 2^n seconds, at most 10 minutes.
    static TimeSpan DelayAfter(int failures) =>
        failures >= 10 ? s_longestDelay : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures), s_longestDelay.TotalSeconds));

    static string Sentence(Exception e) => e is IOException or UnauthorizedAccessException ? e.Message : $"{e.GetType().Name}: {e.Message}";

    async Task SaveAsync(PreparedTask? task, CancellationToken cancellationToken)
    {
        if (task is null) return;
        try
        {
            await task.SaveAsync(resume, cancellationToken);
        }
        catch (IOException e)
        {
            // Then the successor does a little more.
            log.NotSaved(e, task.Task.Key);
        }
    }
}

using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>
/// What the API does with schedules. Reading them is <see cref="IScheduleIndex"/>'s own; starting what is due, <see cref="Scheduler"/>'s.
/// </summary>
public sealed class ScheduleService(IBlobStore store, IPipelineIndex index, Estimator estimator, JobService jobs, TimeProvider time)
{
    readonly ScheduleRuns _runs = new(store, index.Caches, estimator, time);

    /// <summary>Makes a schedule, or changes the one of that name where the request says which it means.</summary>
    public async Task<ScheduleSave> SaveAsync(ScheduleRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ScheduleReading reading = await _runs.ReadAsync(request, cancellationToken);
        if (reading.Manifest.Manifest is null) return new ScheduleSave(SaveStatus.Refused, null, reading.Manifest.Problems);
        ScheduleSettings settings = reading.Settings!;
        var row = new ScheduleRow
        {
            Name = settings.Name,
            Cron = settings.Cron,
            TimeZone = settings.TimeZone,
            Manifest = reading.Template,
            Overlap = settings.Overlap,
            Missed = settings.Missed,
            IsPaused = settings.Paused,
            NextAt = new CronTimes(settings.Cron, settings.TimeZone).After(time.GetUtcNow()),
        };
        while (true)
        {
            if (await index.Schedules.AddAsync(row, cancellationToken))
                return await SavedAsync(SaveStatus.Created, row.Name, cancellationToken);
            if (request.Name is null) return new ScheduleSave(SaveStatus.Taken, null, []);
            // One that was removed in between is made anew; one that was moved on, looked at again.
            if (await index.Schedules.GetAsync(row.Name, cancellationToken) is { } there
                && await index.Schedules.ChangeAsync(row with { Version = there.Version }, cancellationToken))
                return await SavedAsync(SaveStatus.Changed, row.Name, cancellationToken);
        }
    }

    /// <summary>
    /// Stops a schedule from starting runs, or lets it go on with the next time after now: those that passed meanwhile have no runs.
    /// Null: there is none of that name.
    /// </summary>
    public async Task<ScheduleRow?> PauseAsync(string name, bool paused, CancellationToken cancellationToken)
    {
        while (await index.Schedules.GetAsync(name, cancellationToken) is { } row)
        {
            if (row.IsPaused == paused) return row;
            DateTimeOffset? next = new CronTimes(row.Cron, row.TimeZone).After(time.GetUtcNow());
            if (await index.Schedules.ChangeAsync(row with { IsPaused = paused, NextAt = next }, cancellationToken))
                return await index.Schedules.GetAsync(name, cancellationToken);
        }
        return null;
    }

    /// <summary>Starts a run now, paused or not and whatever else runs; its time is the present, to the millisecond.</summary>
    /// <returns>The run's job; or null where there is no such schedule.</returns>
    /// <exception cref="ProblemsException">The manifest has problems now.</exception>
    public async Task<JobRow?> RunAsync(string name, CancellationToken cancellationToken)
    {
        while (await index.Schedules.GetAsync(name, cancellationToken) is { } row)
        {
            DateTimeOffset now = time.GetUtcNow(), at = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
            (Submission? run, IReadOnlyList<Problem> problems) = await _runs.MakeAsync(row, at, cancellationToken);
            if (run is null) throw new ProblemsException(problems);
            if (await index.Schedules.StartNowAsync(row, at, run, cancellationToken) is not { JobId: { } job }) continue;
            await jobs.KickAsync(cancellationToken);
            return await index.Jobs.GetAsync(job, cancellationToken);
        }
        return null;
    }

    /// <summary>A schedule's next times, UTC.</summary>
    public IReadOnlyList<DateTimeOffset> Next(ScheduleRow schedule, int count)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new CronTimes(schedule.Cron, schedule.TimeZone).Next(time.GetUtcNow(), count);
    }

    async Task<ScheduleSave> SavedAsync(SaveStatus status, string name, CancellationToken cancellationToken) =>
        new(status, await index.Schedules.GetAsync(name, cancellationToken), []);
}

/// <summary>What became of a schedule that was handed in.</summary>
/// <param name="Status">Whether it was kept.</param>
/// <param name="Row">It, as it is kept.</param>
/// <param name="Problems">All that is wrong with it; nothing was kept then.</param>
public sealed record ScheduleSave(SaveStatus Status, ScheduleRow? Row, IReadOnlyList<Problem> Problems);

/// <summary>What became of a schedule that was handed in.</summary>
public enum SaveStatus
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It takes the place of the one of its name.</summary>
    Changed,

    /// <summary>There is another one of its name.</summary>
    Taken,

    /// <summary>It has problems.</summary>
    Refused,
}

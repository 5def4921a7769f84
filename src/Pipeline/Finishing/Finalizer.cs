using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Finishing;

/// <summary>
/// Ends jobs, each once: <c>OUTPUT/manifest.json</c> first, then the index, which readies what waits for the job, then the
/// job's own blobs are deleted. Whatever is called twice or at once comes to the same end.
/// </summary>
public sealed partial class Finalizer(IBlobStore store, IPipelineIndex index, TimeProvider time, ILogger<Finalizer> log)
{
    /// <summary>Ends a job whose tasks are done, or that is to end before; does nothing where it isn't ready.</summary>
    /// <returns>Whether the job has ended, now or before.</returns>
    public async Task<bool> FinalizeAsync(string job, CancellationToken cancellationToken)
    {
        if (await index.Jobs.GetAsync(job, cancellationToken) is not { } row || row.Kind == JobKind.Pipeline) return false;
        var tally = new JobTally(row.ReadManifest(), await index.Tasks.ListAsync(job, cancellationToken));
        if (row.State.IsFinal())
        {
            Spans.Tell(TelemetryNames.JobState, row.State.Name());
            await CleanAsync(row, row.State == JobState.Failed, cancellationToken);
            return true;
        }
        bool done = row.PlannedAt is not null && !tally.IsOpen;
        bool expired = row.ExpiresAt <= time.GetUtcNow();
        if (!done && (!(row.State == JobState.Cancelling || expired) || tally.IsWorkedOn(time.GetUtcNow()))) return false;
        JobResult result = done ? tally.Result(row.ItemsTotal ?? 0)
            : new JobResult(row.State == JobState.Cancelling ? JobState.Cancelled : JobState.Expired)
            {
                Items = row.ItemsTotal is { } items ? tally.Counts(items) : null,
                Error = row.State == JobState.Cancelling ? null : $"It wasn't finished by {row.ExpiresAt:yyyy-MM-dd HH:mm:ss} UTC.",
            };
        SpeedSample? speed = result.State.IsFinished() ? await SpeedAsync(row, tally, cancellationToken) : null;
        return await EndAsync(row, result, speed, tally.HasPoison, cancellationToken);
    }

    /// <summary>Fails a job whose input, model or output can't be used, at once, whatever of it is under way.</summary>
    /// <param name="job">The job.</param>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="problems">What is wrong with its inputs.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <param name="keep">Whether what is done of it stays, so that it can be tried again.</param>
    public async Task FailAsync(JobRow job, string error, IReadOnlyList<Problem> problems, CancellationToken cancellationToken,
        bool keep = false) =>
        await EndAsync(job, new JobResult(JobState.Failed) { Error = error, Problems = problems }, null, keep, cancellationToken);

    /// <summary>Says in a job's output that nobody works on it at present.</summary>
    internal Task PauseAsync(JobRow job, CancellationToken cancellationToken) =>
        WriteAsync(job, new JobResult(job.State), cancellationToken);

    /// <summary>Ends a job whose output another job with its fingerprint has finished before.</summary>
    internal async Task AdoptAsync(JobRow job, OutputManifest written, CancellationToken cancellationToken)
    {
        var end = new JobEnd(JobStates.Parse(written.State)!.Value)
        {
            Items = written.Items,
            Fingerprint = written.Fingerprint,
            Warnings = written.Warnings ?? []
        };
        if (await index.Jobs.FinishAsync(job.Id, end, cancellationToken)) LogEnded(job.Id, job.Name, written.State, "its output was there");
        await CleanAsync(job, false, cancellationToken);
    }

    async Task<bool> EndAsync(JobRow job, JobResult result, SpeedSample? speed, bool keep, CancellationToken cancellationToken)
    {
        await WriteAsync(job, result, cancellationToken);
        var end = new JobEnd(result.State)
        {
            Items = result.Items,
            Error = result.Error,
            Problems = result.Problems,
            Warnings = result.Warnings,
            Speed = speed,
        };
        if (await index.Jobs.FinishAsync(job.Id, end, cancellationToken))
        {
            LogEnded(job.Id, job.Name, result.State.Name(), result.Error ?? "");
            if (speed is not null && job.EstimateSeconds is { } expected)
                PipelineMetrics.Estimated(EnumText.Of(job.Kind), expected, speed.Seconds);
        }
        Spans.Tell(TelemetryNames.JobState, result.State.Name());
        await CleanAsync(job, keep, cancellationToken);
        return true;
    }

    async Task WriteAsync(JobRow job, JobResult result, CancellationToken cancellationToken)
    {
        IBlobStore root = store.For(job.Tenant);
        while (true)
        {
            (OutputManifest? written, string? tag) = await root.ReadOutputAsync(job.Output, cancellationToken);
            // Not claimed yet, or another's: nothing of this job is there.
            if (written is null || tag is null || written.Job != job.Id) return;
            byte[] json = (written with
            {
                State = result.State.Name(),
                FinishedAt = result.State.IsFinal() ? time.GetUtcNow() : null,
                Items = result.Items ?? written.Items,
                Cells = result.Cells ?? written.Cells,
                Error = result.Error,
                Warnings = result.Warnings.Count > 0 ? result.Warnings : null,
                Kernels = result.Kernels.Count > 0 ? result.Kernels : null,
            }).ToJson();
            if ((await root.WriteAsync($"{job.Output}/{OutputManifest.FileName}", json, BlobCondition.Matches(tag),
                cancellationToken)).Succeeded) return;
        }
    }

    async Task<SpeedSample?> SpeedAsync(JobRow job, JobTally tally, CancellationToken cancellationToken)
    {
        WorkManifest manifest = job.ReadManifest();
        double bytes = manifest is EvaluateManifest evaluate && await JobInputs.ReadAsync(store, job.Id, cancellationToken) is { } inputs
            ? inputs.At(evaluate.Predictions).Sum(f => (double)f.Length) : 0;
        return tally.Speed(await ModelShape.OfAsync(store.For(job.Tenant), manifest, cancellationToken), bytes);
    }

    // What failed may be tried again (poison requeue, retry, the next run), and needs what its plan saw.
    async Task CleanAsync(JobRow job, bool keep, CancellationToken cancellationToken)
    {
        if (!keep) await store.DeleteAllAsync(RootNames.Job(job.Id), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "Job {Job} ({Name}) has ended: {State}. {Error}")]
    partial void LogEnded(string job, string name, string state, string error);
}

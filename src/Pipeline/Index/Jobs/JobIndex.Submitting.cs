using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Telemetry;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>What one submit enters: a single job, or a pipeline's parent followed by its jobs.</summary>
/// <param name="Jobs">The root first; the others name it as their parent, in the manifest's order.</param>
public sealed record Submission(IReadOnlyList<SubmittedJob> Jobs)
{
    /// <summary>The caller's key, or null: of all submissions with one key the first counts.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose it is, where it is entered by the pipeline itself; an index of one tenant enters that tenant's alone.</summary>
    public Tenant Tenant { get; init; }

    /// <summary>The hash of the request's body, by which a repeated request is told from another with the same key.</summary>
    public string? BodyHash { get; init; }
}

/// <summary>
/// A job that is handed in. It becomes <c>blocked</c> where it needs others, else <c>queued</c>, and a pipeline's parent too.
/// </summary>
public sealed record SubmittedJob
{
    /// <summary>Its id: <c>job_</c> and a time-ordered GUID.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its output folder, relative to the root; empty for a pipeline.</summary>
    public string Output { get; init; } = "";

    /// <summary>Its own manifest, JSON.</summary>
    public required string Manifest { get; init; }

    /// <summary>The id of the pipeline's parent, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The ids of the jobs of this submission whose outputs it reads.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How urgent it is.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>When it ends unfinished, or null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long it is expected to take, in seconds of one worker, or null.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The schedule that it is a run of, or null.</summary>
    public string? Schedule { get; init; }

    /// <summary>The time of that run, or null.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }
}

/// <summary>What became of a submission.</summary>
/// <param name="Status">Whether it was entered.</param>
/// <param name="Job">The root job: the new one, or the one that has the key already.</param>
public sealed record SubmitOutcome(SubmitStatus Status, JobRow Job);

/// <summary>What became of a submission.</summary>
public enum SubmitStatus
{
    /// <summary>It was entered.</summary>
    Created,

    /// <summary>The same body was entered before under this key.</summary>
    Existing,

    /// <summary>Another body was entered before under this key; nothing was changed.</summary>
    Conflict,
}

// Entering the jobs of a submission, what they need, and a message to plan each that waits for nothing.
internal sealed partial class JobIndex
{
    const string Insert = """
        insert into jobs (id, name, kind, output, fingerprint, state, priority, manifest, parent_id, place, idempotency_key, body_hash,
                          expires_at, warnings, estimate_seconds, schedule, scheduled_for, created_at, trace, tenant, version)
        values (@Id, @Name, @Kind, @Output, '', @State, @Priority, @Manifest, @ParentId, @place, @key, @hash,
                @ExpiresAt, @Warnings, @EstimateSeconds, @Schedule, @ScheduledFor, @now, @trace, @owner, 1)
        on conflict do nothing
        """;

    static readonly BatchInsert s_needs = new("job_dependencies", ["job_id", "needs_id"], "on conflict do nothing");

    /// <inheritdoc/>
    public Task<SubmitOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken = default) =>
        database.WriteAsync(s => SubmitAsync(s, submission), cancellationToken);

    /// <summary>The same within a transaction.</summary>
    public static async Task<SubmitOutcome> SubmitAsync(IndexSession session, Submission submission)
    {
        SubmittedJob root = submission.Jobs[0];
        if (await EnterAsync(session, submission, 0) == 0) return await FoundAsync(session, submission, root);
        if (submission.Jobs.Any(j => j.Kind == JobKind.Sample)) await TenantQuotas.DemandRoomAsync(session, OwnerOf(session, submission));
        for (int place = 1; place < submission.Jobs.Count; place++) await EnterAsync(session, submission, place);
        await session.InsertAsync(s_needs, [.. submission.Jobs.SelectMany(j => j.Needs, (j, need) => new object?[] { j.Id, need })]);
        foreach (SubmittedJob job in submission.Jobs.Where(j => j.Kind != JobKind.Pipeline && j.Needs.Count == 0))
            await Enqueue.PlanAsync(session, job.Id);
        return new SubmitOutcome(SubmitStatus.Created, await EnteredAsync(session, root.Id));
    }

    static Task<int> EnterAsync(IndexSession session, Submission submission, int place)
    {
        SubmittedJob job = submission.Jobs[place];
        return session.ExecuteAsync(Insert, new
        {
            job.Id,
            job.Name,
            Kind = EnumText.Of(job.Kind),
            job.Output,
            State = (job.Needs.Count > 0 ? JobState.Blocked : JobState.Queued).Name(),
            Priority = EnumText.Of(job.Priority),
            job.Manifest,
            job.ParentId,
            place = Math.Max(place - 1, 0),
            key = place == 0 ? submission.IdempotencyKey : null,
            hash = place == 0 ? submission.BodyHash : null,
            ExpiresAt = Timestamp.Of(job.ExpiresAt),
            Warnings = IndexJson.Of(job.Warnings),
            job.EstimateSeconds,
            job.Schedule,
            ScheduledFor = Timestamp.Of(job.ScheduledFor),
            now = session.Now,
            trace = Spans.Current,
            owner = OwnerOf(session, submission),
        });
    }

    // The id is there: an earlier try of this call. Else the key is: another submission, of the same body or not.
    static async Task<SubmitOutcome> FoundAsync(IndexSession session, Submission submission, SubmittedJob root)
    {
        if (await GetAsync(session, root.Id) is { } mine)
        {
            return session.Retried
                ? new SubmitOutcome(SubmitStatus.Created, mine)
                : throw new InvalidOperationException($"There is a job {root.Id} already.");
        }
        SubmittedKey found = await session.FirstAsync<SubmittedKey>(
            "select id as Id, body_hash as BodyHash from jobs where idempotency_key = @key and tenant = @owner",
            new { key = submission.IdempotencyKey, owner = OwnerOf(session, submission) })
            ?? throw new InvalidOperationException($"Job {root.Id} could not be entered.");
        return new SubmitOutcome(
            found.BodyHash == submission.BodyHash ? SubmitStatus.Existing : SubmitStatus.Conflict,
            await EnteredAsync(session, found.Id));
    }

    static string OwnerOf(IndexSession session, Submission submission) => session.Tenant ?? submission.Tenant.Value;

    static async Task<JobRow> EnteredAsync(IndexSession session, string id) =>
        await GetAsync(session, id) ?? throw new InvalidOperationException($"There is no job {id}.");

    sealed record SubmittedKey
    {
        public string Id { get; init; } = "";

        public string? BodyHash { get; init; }
    }
}

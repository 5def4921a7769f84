using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Enters the jobs of a submission, what they need, and a message to plan each that waits for nothing.</summary>
internal static class SubmitJobs
{
    const string Insert = """
        insert into jobs (id, name, kind, output, fingerprint, state, priority, manifest, parent_id, place, idempotency_key, body_hash,
                          expires_at, warnings, estimate_seconds, created_at, version)
        values (@Id, @Name, @Kind, @Output, '', @State, @Priority, @Manifest, @ParentId, @place, @key, @hash,
                @ExpiresAt, @Warnings, @EstimateSeconds, @now, 1)
        on conflict do nothing
        """;

    static readonly BatchInsert s_needs = new("job_dependencies", ["job_id", "needs_id"], "on conflict do nothing");

    public static async Task<SubmitOutcome> RunAsync(IndexSession session, Submission submission)
    {
        SubmittedJob root = submission.Jobs[0];
        if (await EnterAsync(session, submission, 0) == 0) return await FoundAsync(session, submission, root);
        for (int place = 1; place < submission.Jobs.Count; place++) await EnterAsync(session, submission, place);
        await session.InsertAsync(s_needs, [.. submission.Jobs.SelectMany(j => j.Needs, (j, need) => new object?[] { j.Id, need })]);
        foreach (SubmittedJob job in submission.Jobs.Where(j => j.Kind != JobKind.Pipeline && j.Needs.Count == 0))
            await Enqueue.PlanAsync(session, job.Id);
        return new SubmitOutcome(SubmitStatus.Created, await Job(session, root.Id));
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
            now = session.Now,
        });
    }

    // The id is there: an earlier try of this call. Else the key is: another submission, of the same body or not.
    static async Task<SubmitOutcome> FoundAsync(IndexSession session, Submission submission, SubmittedJob root)
    {
        if (await session.FirstAsync<JobRow>(JobColumns.Select + " where j.id = @id", new { id = root.Id }) is { } mine)
        {
            return session.Retried
                ? new SubmitOutcome(SubmitStatus.Created, mine)
                : throw new InvalidOperationException($"There is a job {root.Id} already.");
        }
        SubmittedKey found = await session.FirstAsync<SubmittedKey>(
            "select id as Id, body_hash as BodyHash from jobs where idempotency_key = @key", new { key = submission.IdempotencyKey })
            ?? throw new InvalidOperationException($"Job {root.Id} could not be entered.");
        return new SubmitOutcome(
            found.BodyHash == submission.BodyHash ? SubmitStatus.Existing : SubmitStatus.Conflict,
            await Job(session, found.Id));
    }

    static async Task<JobRow> Job(IndexSession session, string id) =>
        await session.FirstAsync<JobRow>(JobColumns.Select + " where j.id = @id", new { id })
        ?? throw new InvalidOperationException($"There is no job {id}.");

    sealed record SubmittedKey
    {
        public string Id { get; init; } = "";

        public string? BodyHash { get; init; }
    }
}

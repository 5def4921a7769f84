using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task A_job_is_kept_as_it_was_handed_in_with_a_message_to_plan_it()
    {
        DateTimeOffset expires = Time.GetUtcNow() + TimeSpan.FromHours(1);
        SubmittedJob job = Job("über-\"name\"") with
        {
            Priority = JobPriority.High,
            ExpiresAt = expires,
            EstimateSeconds = 12.5,
            Warnings = ["careful"],
            Manifest = "{\"a\": \"ü\"}"
        };
        SubmitOutcome outcome = await Index.Jobs.SubmitAsync(new Submission([job]));
        Assert.Equal(SubmitStatus.Created, outcome.Status);
        JobRow row = (await Index.Jobs.GetAsync(job.Id))!;
        Assert.Equal(row with { }, outcome.Job);
        Assert.Equal((job.Name, JobKind.Sample, job.Output, JobState.Queued, JobPriority.High, job.Manifest),
            (row.Name, row.Kind, row.Output, row.State, row.Priority, row.Manifest));
        Assert.Equal((expires, 12.5, Time.GetUtcNow(), null), (row.ExpiresAt, row.EstimateSeconds, row.CreatedAt, row.StartedAt));
        Assert.Equal(["careful"], row.Warnings);
        OutboxRow message = Assert.Single(await Index.Outbox.PendingAsync(10));
        Assert.Equal((job.Id, OutboxKind.Plan, null, QueueNames.Jobs), (message.JobId, message.Kind, message.Ordinal, message.Queue));
        await Index.Outbox.MarkSentAsync([message.Id]);
        Assert.Empty(await Index.Outbox.PendingAsync(10));
        Assert.Null(await Index.Jobs.GetAsync("job_none"));
    }

    [Fact]
    public async Task A_pipeline_waits_where_it_must()
    {
        string[] ids = await SubmitPipelineAsync();
        Assert.Equal([JobState.Queued, JobState.Queued, JobState.Blocked, JobState.Blocked], await StatesAsync(ids));
        Assert.Equal([ids[1]], (await Index.Outbox.PendingAsync(10)).Select(m => m.JobId));
        Assert.Equal(ids[1..], (await Index.Jobs.ChildrenAsync(ids[0])).Select(j => j.Id));
        Assert.Equal([ids[2]], await Index.Jobs.NeedsAsync(ids[3]));
    }

    [Fact]
    public async Task One_key_is_one_job()
    {
        Submission Keyed(string key, string hash) => new([Job()]) { IdempotencyKey = key, BodyHash = hash };
        SubmitOutcome first = await Index.Jobs.SubmitAsync(Keyed("k", "body"));
        SubmitOutcome again = await Index.Jobs.SubmitAsync(Keyed("k", "body"));
        SubmitOutcome other = await Index.Jobs.SubmitAsync(Keyed("k", "another body"));
        SubmitOutcome free = await Index.Jobs.SubmitAsync(Keyed("l", "body"));
        Assert.Equal(
            [(SubmitStatus.Created, first.Job.Id), (SubmitStatus.Existing, first.Job.Id), (SubmitStatus.Conflict, first.Job.Id),
                (SubmitStatus.Created, free.Job.Id)],
            ((SubmitOutcome[])[first, again, other, free]).Select(o => (o.Status, o.Job.Id)));
        Assert.Equal(2, (await Index.Outbox.PendingAsync(10)).Count);
    }

    [Fact]
    public async Task Of_many_who_submit_one_key_at_once_one_creates()
    {
        Submission[] submissions = [.. Enumerable.Range(0, 8)
            .Select(i => new Submission([Job()]) { IdempotencyKey = "k", BodyHash = i < 6 ? "body" : "other" })];
        SubmitOutcome[] outcomes = await RaceAsync(8, (index, i) => index.Jobs.SubmitAsync(submissions[i]));
        Assert.Single(outcomes, o => o.Status == SubmitStatus.Created);
        Assert.Single(outcomes.Select(o => o.Job.Id).Distinct());
        Assert.Contains(outcomes.Count(o => o.Status == SubmitStatus.Conflict), (int[])[2, 6]);
        Assert.Single((await Index.Jobs.ListAsync(new JobFilter(), null, 100)).Jobs);
        Assert.Single(await Index.Outbox.PendingAsync(10));
    }

    [Fact]
    public async Task A_job_that_is_there_is_not_entered_again()
    {
        SubmittedJob job = Job();
        await SubmitAsync(job);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SubmitAsync(job));
        Assert.Single(await Index.Outbox.PendingAsync(10));
    }

    [Fact]
    public async Task Pages_are_stable_while_jobs_come_in()
    {
        var ids = new List<string>();
        for (int i = 0; i < 7; i++) ids.Add(await SubmitAsync(Job("s" + i)));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            JobPage page = await Index.Jobs.ListAsync(new JobFilter(), cursor, 3);
            seen.AddRange(page.Jobs.Select(j => j.Id));
            cursor = page.Next;
            await SubmitAsync(Job("late"));
        }
        while (cursor is not null);
        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
        Assert.Null((await Index.Jobs.ListAsync(new JobFilter(), null, 10)).Next);
    }

    [Fact]
    public async Task Lists_are_filtered()
    {
        string single = await SubmitAsync(Job("one"));
        string[] ids = await SubmitPipelineAsync();
        async Task<string[]> List(JobFilter filter) => [.. (await Index.Jobs.ListAsync(filter, null, 100)).Jobs.Select(j => j.Id)];
        Assert.Equal([ids[0], single], await List(new JobFilter()));
        Assert.Equal(5, (await List(new JobFilter { Children = true })).Length);
        Assert.Equal([ids[3], ids[2], ids[1]], await List(new JobFilter { ParentId = ids[0] }));
        Assert.Equal([single], await List(new JobFilter { Name = "one" }));
        Assert.Equal([ids[3]], await List(new JobFilter { Kind = JobKind.Evaluate, Children = true }));
        Assert.Equal([ids[3], ids[2]], await List(new JobFilter { States = [JobState.Blocked, JobState.Failed], Children = true }));
        Assert.Empty(await List(new JobFilter { Name = "one", Kind = JobKind.Pipeline }));
    }
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    async Task<ScheduleRow> ScheduleAsync(ScheduleOverlap overlap = ScheduleOverlap.Skip, string name = "nightly")
    {
        Assert.True(await Index.Schedules.AddAsync(new ScheduleRow
        {
            Name = name,
            Cron = "* * * * *",
            TimeZone = "Europe/Berlin",
            Manifest = """{"kind":"sample"}""",
            Overlap = overlap,
            Missed = ScheduleMissed.Last,
            NextAt = Time.GetUtcNow() + s_minute,
        }));
        return (await Index.Schedules.GetAsync(name))!;
    }

    // The next time of a schedule, with a run of one job.
    async Task<TickRow?> TickAsync(string name = "nightly")
    {
        ScheduleRow row = (await Index.Schedules.GetAsync(name))!;
        return await Index.Schedules.StartAsync(row, new Tick(row.NextAt!.Value, row.NextAt + s_minute), new Submission([Job()]));
    }

    [Fact]
    public async Task A_schedule_is_kept_changed_and_removed_and_its_name_is_its_own()
    {
        ScheduleRow made = await ScheduleAsync();
        Assert.Equal(
            ("* * * * *", "Europe/Berlin", ScheduleOverlap.Skip, ScheduleMissed.Last, false, Time.GetUtcNow() + s_minute, 0L, 1L),
            (made.Cron, made.TimeZone, made.Overlap, made.Missed, made.IsPaused, made.NextAt!.Value, made.Runs, made.Version));
        Assert.False(await Index.Schedules.AddAsync(made with { Cron = "0 0 * * *" }));
        Assert.True(await Index.Schedules.ChangeAsync(made with { Cron = "0 3 * * *", IsPaused = true, Overlap = ScheduleOverlap.Queue }));
        Assert.False(await Index.Schedules.ChangeAsync(made));
        ScheduleRow changed = (await Index.Schedules.ListAsync()).Single();
        Assert.Equal(("0 3 * * *", true, ScheduleOverlap.Queue, 2L), (changed.Cron, changed.IsPaused, changed.Overlap, changed.Version));
        Assert.True(await Index.Schedules.RemoveAsync("nightly"));
        Assert.False(await Index.Schedules.RemoveAsync("nightly"));
        Assert.Null(await Index.Schedules.GetAsync("nightly"));
    }

    [Fact]
    public async Task Of_many_who_start_one_time_at_once_one_does()
    {
        ScheduleRow row = await ScheduleAsync();
        Time.Advance(s_minute);
        Submission[] runs = [.. Enumerable.Range(0, 8).Select(_ => new Submission([Job()]))];
        TickRow?[] ticks = await RaceAsync(8,
            (index, i) => index.Schedules.StartAsync(row, new Tick(row.NextAt!.Value, row.NextAt + s_minute), runs[i]));
        TickRow started = Assert.Single(ticks.OfType<TickRow>());
        JobRow job = Assert.Single((await Index.Jobs.ListAsync(new JobFilter { Schedule = "nightly" }, null, 100)).Jobs);
        Assert.Equal((started.JobId, "nightly", row.NextAt), (job.Id, job.Schedule, job.ScheduledFor));
        Assert.Equal((1L, row.NextAt + s_minute),
            ((await Index.Schedules.GetAsync("nightly"))!.Runs, (await Index.Schedules.GetAsync("nightly"))!.NextAt));
        Assert.Single(await Index.Outbox.PendingAsync(10));
    }

    [Fact]
    public async Task A_run_that_would_overlap_is_left_out_waits_or_replaces()
    {
        await ScheduleAsync();
        string first = (await TickAsync())!.JobId!;
        Assert.Equal((TickOutcome.Skipped, $"{first} hasn't ended."),
            ((await TickAsync())! is var skipped ? (skipped.Outcome, skipped.Reason) : default));
        await CompleteAsync(first);
        Assert.Equal(TickOutcome.Submitted, (await TickAsync())!.Outcome);
        Assert.Equal([TickOutcome.Submitted, TickOutcome.Skipped, TickOutcome.Submitted],
            (await Index.Schedules.TicksAsync("nightly", 10)).Select(t => t.Outcome));

        await ScheduleAsync(ScheduleOverlap.Replace, "newest");
        string old = (await TickAsync("newest"))!.JobId!;
        await PlanAsync(old);
        await ClaimAsync(old, 0);
        string young = (await TickAsync("newest"))!.JobId!;
        Assert.Equal([JobState.Cancelling, JobState.Queued], await StatesAsync(old, young));
        string younger = (await TickAsync("newest"))!.JobId!;
        Assert.Equal([JobState.Cancelling, JobState.Cancelled, JobState.Queued], await StatesAsync(old, young, younger));
    }

    [Fact]
    public async Task Runs_that_wait_start_one_after_the_other()
    {
        ScheduleRow row = await ScheduleAsync(ScheduleOverlap.Queue);
        DateTimeOffset begin = row.NextAt!.Value;
        string first = (await TickAsync())!.JobId!;
        for (int i = 0; i < 2; i++) Assert.Equal(TickOutcome.Waiting, (await TickAsync())!.Outcome);
        Assert.Null(await Index.Schedules.WaitingAsync("nightly"));
        Assert.Empty(await Index.Schedules.DueAsync());
        for (int turn = 1; turn <= 2; turn++)
        {
            await CompleteAsync(first);
            Assert.Equal("nightly", Assert.Single(await Index.Schedules.DueAsync()).Name);
            DateTimeOffset waits = (await Index.Schedules.WaitingAsync("nightly"))!.Value;
            Assert.Equal(begin + turn * s_minute, waits);
            // A time that comes now goes behind those that wait.
            if (turn == 1) Assert.Equal(TickOutcome.Waiting, (await TickAsync())!.Outcome);
            row = (await Index.Schedules.GetAsync("nightly"))!;
            Submission[] runs = [.. Enumerable.Range(0, 4).Select(_ => new Submission([Job()]))];
            TickRow?[] started = await RaceAsync(4, (index, i) => index.Schedules.StartWaitingAsync(row, waits, runs[i]));
            first = Assert.Single(started.OfType<TickRow>()).JobId!;
            Assert.Equal(waits, (await Index.Jobs.GetAsync(first))!.ScheduledFor);
        }
    }

    [Fact]
    public async Task A_paused_schedule_starts_nothing_but_what_is_asked_for()
    {
        ScheduleRow row = await ScheduleAsync();
        await Index.Schedules.ChangeAsync(row with { IsPaused = true });
        Time.Advance(s_minute);
        Assert.Empty(await Index.Schedules.DueAsync());
        Assert.Null(await TickAsync());
        row = (await Index.Schedules.GetAsync("nightly"))!;
        DateTimeOffset now = Time.GetUtcNow();
        TickRow asked = (await Index.Schedules.StartNowAsync(row, now, new Submission([Job()])))!;
        Assert.Equal(now, (await Index.Jobs.GetAsync(asked.JobId!))!.ScheduledFor);
        Assert.Equal(row.NextAt, (await Index.Schedules.GetAsync("nightly"))!.NextAt);
    }

    [Fact]
    public async Task A_time_without_a_run_says_why_and_old_ones_go_with_the_old_jobs()
    {
        ScheduleRow row = await ScheduleAsync();
        Assert.True(await Index.Schedules.PassAsync(row, new Tick(row.NextAt!.Value, null), TickOutcome.Refused, "no such file"));
        Assert.False(await Index.Schedules.PassAsync(row, new Tick(row.NextAt.Value, null), TickOutcome.Refused, "again"));
        Assert.Equal((TickOutcome.Refused, "no such file", null),
            Assert.Single(await Index.Schedules.TicksAsync("nightly", 5)) is var tick ? (tick.Outcome, tick.Reason, tick.JobId) : default);
        Assert.Null((await Index.Schedules.GetAsync("nightly"))!.NextAt);
        await Index.Upkeep.DeleteOldAsync(Time.GetUtcNow() + TimeSpan.FromDays(1));
        Assert.Empty(await Index.Schedules.TicksAsync("nightly", 5));
    }
}

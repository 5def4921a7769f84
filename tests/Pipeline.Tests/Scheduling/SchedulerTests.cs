using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Scheduling;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionBatch.Pipeline.Tests.Scheduling;

/// <summary>Schedules from the text that is handed in to the runs that come of it.</summary>
public sealed class SchedulerTests : IAsyncDisposable
{
    readonly PipelineRig _rig = new();
    readonly List<SqlPipelineIndex> _indices = [];

    public async ValueTask DisposeAsync()
    {
        foreach (SqlPipelineIndex index in _indices) await index.DisposeAsync();
        await _rig.DisposeAsync();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ScheduleService Service => new(_rig.Store, _rig.Index, new Estimator(_rig.Store, _rig.Index.Caches), _rig.Service, _rig.Time);

    Scheduler SchedulerOn(IPipelineIndex index)
    {
        var estimator = new Estimator(_rig.Store, index.Caches);
        var jobs = new JobService(_rig.Store, index, _rig.Relay(), _rig.Finalizer(), estimator, _rig.Time, NullLogger<JobService>.Instance);
        return new Scheduler(_rig.Store, index, estimator, jobs, _rig.Time, NullLogger<Scheduler>.Instance);
    }

    // The function app's own index, as another instance of it has it.
    SqlPipelineIndex Instance()
    {
        var index = new SqlPipelineIndex(new SqliteDialect(_rig.Database), _rig.Time);
        _indices.Add(index);
        return index;
    }

    static string Text(string cron = "* * * * *", string overlap = "skip", string missed = "none", string output = "results/{run}",
        string input = "data/in.jsonl", string more = "") => $$"""
        { "name": "often", "cron": "{{cron}}", "overlap": "{{overlap}}", "missed": "{{missed}}",{{more}}
          "manifest": { "kind": "sample", "name": "s-{date}-{time}", "model": { "from": "models/m" }, "input": "{{input}}",
            "sampler": { "steps": 1, "length": { "source": "fixed", "value": 4 } }, "output": "{{output}}" } }
        """;

    async Task<ScheduleSave> SaveAsync(string text, string? name = null) =>
        await Service.SaveAsync(new ScheduleRequest(Encoding.UTF8.GetBytes(text)) { Name = name }, Cancel);

    async Task MadeAsync(string text) =>
        Assert.Equal((SaveStatus.Created, 0), await SaveAsync(text) is var save ? (save.Status, save.Problems.Count) : default);

    async Task<IReadOnlyList<JobRow>> RunsAsync() =>
        [.. (await _rig.Index.Jobs.ListAsync(new JobFilter { Schedule = "often" }, null, 500, Cancel)).Jobs.OrderBy(j => j.ScheduledFor)];

    Task EndAsync(JobRow job) => _rig.Index.Jobs.CancelAsync(job.Id, Cancel);

    [Fact]
    public async Task Ten_minutes_on_two_instances_of_which_one_dies_are_ten_runs()
    {
        DateTimeOffset begin = _rig.Time.GetUtcNow();
        // Runs may overlap here: what counts is that none is missing and none there twice.
        await MadeAsync(Text(overlap: "replace"));
        SqlPipelineIndex mortal = Instance();
        Scheduler[] instances = [SchedulerOn(Instance()), SchedulerOn(mortal)];
        for (int second = 1; second <= 600; second++)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            if (second == 300)
            {
                // In the middle one dies: once the run that it starts is kept, and before anybody knows.
                mortal.AfterCommit = () => throw new CrashPoint.Killed();
                await Assert.ThrowsAsync<CrashPoint.Killed>(() => instances[1].RunOnceAsync(Cancel));
                instances = instances[..1];
            }
            await Task.WhenAll(instances.Select(instance => Task.Run(() => instance.RunOnceAsync(Cancel), Cancel)));
        }
        IReadOnlyList<JobRow> runs = await RunsAsync();
        Assert.Equal(Enumerable.Range(1, 10).Select(minute => (DateTimeOffset?)begin.AddMinutes(minute)), runs.Select(r => r.ScheduledFor));
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"results/{n}"), runs.Select(r => r.Output));
        Assert.Equal("s-2026-01-01-000100", runs[0].Name);
        Assert.All(await _rig.Index.Schedules.TicksAsync("often", 100, Cancel), t => Assert.Equal(TickOutcome.Submitted, t.Outcome));
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("last", 2)]
    [InlineData("all", 30)]
    public async Task What_passed_while_nothing_was_there_is_made_up_for_as_the_schedule_says(string missed, int runs)
    {
        DateTimeOffset begin = _rig.Time.GetUtcNow();
        await MadeAsync(Text(overlap: "replace", missed: missed));
        // The 30th is on time, and the 29th is just in its grace: missed are those before that.
        _rig.Time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));
        await SchedulerOn(_rig.Index).RunOnceAsync(Cancel);
        DateTimeOffset[] started = [.. (await RunsAsync()).Select(r => r.ScheduledFor!.Value)];
        Assert.Equal(Enumerable.Range(31 - runs, runs).Select(m => begin.AddMinutes(m)), started);
    }

    [Fact]
    public async Task A_queue_of_runs_goes_on_as_each_ends()
    {
        await MadeAsync(Text(overlap: "queue"));
        Scheduler scheduler = SchedulerOn(_rig.Index);
        for (int minute = 0; minute < 3; minute++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            await scheduler.RunOnceAsync(Cancel);
        }
        for (int run = 1; run <= 3; run++)
        {
            IReadOnlyList<JobRow> runs = await RunsAsync();
            Assert.Equal((run, $"results/{run}"), (runs.Count, runs[^1].Output));
            await EndAsync(runs[^1]);
            await scheduler.RunOnceAsync(Cancel);
        }
        Assert.Equal(3, (await RunsAsync()).Count);
    }

    [Fact]
    public async Task A_schedule_with_problems_has_them_all_told_where_they_are()
    {
        ScheduleSave save = await SaveAsync("""
            { "name": "Often", "cron": "61 * * * *", "timeZone": "Mars/Olympus", "overlap": "never",
              "manifest": { "kind": "sample", "name": "s-{run}", "model": { "from": "models/none" }, "input": "data/{date}.jsonl",
                "stepz": 1, "output": "../results" } }
            """);
        Assert.Equal(SaveStatus.Refused, save.Status);
        Assert.Equal(
            [("/name", 1), ("/cron", 1), ("/timeZone", 1), ("/overlap", 1), ("/manifest/model/from", 2), ("/manifest/stepz", 3),
                ("/manifest/output", 3)],
            save.Problems.Select(p => (p.Pointer, p.Line!.Value)));
        Assert.All(save.Problems, p => Assert.Equal("schedule", p.File));
        Assert.Empty(await _rig.Index.Schedules.ListAsync(Cancel));
        Assert.Contains("missing", Assert.Single((await SaveAsync("""{ "name": "a", "cron": "* * * * *" }""")).Problems).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_template_names_must_be_there_when_its_time_comes()
    {
        await MadeAsync(Text(input: "data/{time}.jsonl"));
        Scheduler scheduler = SchedulerOn(_rig.Index);
        _rig.Root.WriteInput([1, 2], "data/000200.jsonl");
        for (int minute = 0; minute < 2; minute++)
        {
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            await scheduler.RunOnceAsync(Cancel);
        }
        IReadOnlyList<TickRow> ticks = await _rig.Index.Schedules.TicksAsync("often", 10, Cancel);
        Assert.Equal([TickOutcome.Submitted, TickOutcome.Refused], ticks.Select(t => t.Outcome));
        Assert.Contains("data/000100.jsonl", ticks[1].Reason, StringComparison.Ordinal);
        // The number counts runs, not times.
        Assert.Equal("results/1", Assert.Single(await RunsAsync()).Output);
    }

    [Fact]
    public async Task An_output_that_each_run_would_write_is_told_as_the_schedule_s()
    {
        await MadeAsync(Text(output: "results/same", input: "data/{time}.jsonl"));
        Scheduler scheduler = SchedulerOn(_rig.Index);
        for (int minute = 1; minute <= 2; minute++)
        {
            _rig.Root.WriteInput(Enumerable.Range(0, minute), $"data/000{minute}00.jsonl");
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
            await scheduler.RunOnceAsync(Cancel);
            JobRow run = (await RunsAsync())[^1];
            await using (PipelineRig.Running worker = _rig.Start(new FakeTasks())) await _rig.UntilEndedAsync(run.Id);
        }
        IReadOnlyList<JobRow> runs = await RunsAsync();
        Assert.Equal([JobState.Completed, JobState.Failed], runs.Select(r => r.State));
        Assert.Contains("put {date}, {time} or {run}", Assert.Single(runs[1].Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_has_no_runs_and_a_run_that_is_asked_for_starts_at_once()
    {
        await MadeAsync(Text(missed: "all"));
        await Service.PauseAsync("often", paused: true, Cancel);
        _rig.Time.Advance(TimeSpan.FromMinutes(5));
        await SchedulerOn(_rig.Index).RunOnceAsync(Cancel);
        Assert.Empty(await RunsAsync());
        JobRow asked = (await Service.RunAsync("often", Cancel))!;
        Assert.Equal((_rig.Time.GetUtcNow(), "results/1"), (asked.ScheduledFor, asked.Output));
        await Service.PauseAsync("often", paused: false, Cancel);
        await SchedulerOn(_rig.Index).RunOnceAsync(Cancel);
        Assert.Single(await RunsAsync());
        Assert.Null(await Service.RunAsync("never", Cancel));
        await Assert.ThrowsAsync<ProblemsException>(async () =>
        {
            File.Delete(_rig.Root.Path("data/in.jsonl"));
            await Service.RunAsync("often", Cancel);
        });
    }

    [Fact]
    public async Task A_schedule_is_replaced_by_its_name_and_all_jobs_of_a_pipeline_are_the_run_s()
    {
        await MadeAsync(Text());
        Assert.Equal(SaveStatus.Taken, (await SaveAsync(Text())).Status);
        _rig.Root.Write("data/refs.jsonl", """{"id":"i0","target":"a"}""");
        const string Pipeline = """
            { "cron": "0 3 * * *", "timeZone": "Europe/Berlin", "manifest": { "kind": "pipeline", "name": "p-{date}", "jobs": [
              { "kind": "sample", "name": "s", "model": { "from": "models/m" }, "input": "data/in.jsonl", "sampler": { "length": { "source": "fixed", "value": 4 } }, "output": "results/{date}" },
              { "kind": "evaluate", "name": "e", "predictions": "results/{date}", "references": "data/refs.jsonl", "metrics": ["bleu"], "output": "reports/{date}" } ] } }
            """;
        Assert.Equal("/name", Assert.Single((await SaveAsync(Text(), "other")).Problems).Pointer);
        ScheduleSave save = await SaveAsync(Pipeline, "often");
        Assert.Equal((SaveStatus.Changed, "0 3 * * *"), (save.Status, save.Row!.Cron));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero), save.Row.NextAt);
        _rig.Time.Advance(TimeSpan.FromHours(2));
        await SchedulerOn(_rig.Index).RunOnceAsync(Cancel);
        JobRow run = Assert.Single(await RunsAsync());
        Assert.Equal((JobKind.Pipeline, "p-2026-01-01"), (run.Kind, run.Name));
        Assert.All(await _rig.Index.Jobs.ChildrenAsync(run.Id, Cancel),
            j => Assert.Equal(("often", save.Row.NextAt), (j.Schedule, j.ScheduledFor)));
    }
}

using System.Data.Common;
using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    [Fact]
    public async Task The_views_are_those_that_are_documented_column_by_column()
    {
        await Index.PingAsync();
        await Index.Jobs.GetAsync("job_none");
        string? view = null;
        var documented = new List<(string View, string Column)>();
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(SharedData.RepositoryRoot, "docs", "views.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) view = line[3..];
            else if (view is not null && line.StartsWith("| `", StringComparison.Ordinal)) documented.Add((view, line.Split('`')[1]));
        }
        using DbConnection connection = Look();
        var there = new List<(string, string)>();
        foreach (string name in documented.Select(d => d.View).Distinct())
        {
            using DbCommand command = connection.CreateCommand();
            command.CommandText = $"select * from {name} limit 0";
            using DbDataReader reader = command.ExecuteReader();
            there.AddRange(Enumerable.Range(0, reader.FieldCount).Select(i => (name, reader.GetName(i))));
        }
        Assert.Equal(documented, there);
        string all = connection is Npgsql.NpgsqlConnection
            ? "select table_name from information_schema.views where table_schema = 'public'"
            : "select name from sqlite_master where type = 'view'";
        Assert.Equal(documented.Select(d => d.View).Distinct().Order(StringComparer.Ordinal),
            connection.Query<string>(all).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Analysts_see_schedules_their_runs_quality_over_time_and_deliveries()
    {
        await ScheduleAsync();
        await WebhookAsync("wh_1");
        ScheduleRow row = (await Index.Schedules.GetAsync("nightly"))!;
        DateTimeOffset first = row.NextAt!.Value;
        string job =
            (await Index.Schedules.StartAsync(row, new Tick(first, first + s_minute),
                new Submission([Job("e", JobKind.Evaluate)])))!.JobId!;
        await TickAsync();
        await PlanAsync(job, 1, kind: JobKind.Evaluate);
        TaskRow task = await ClaimAsync(job, 0);
        await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit { Metrics = [new MetricValue("steps=8", "bleu", 30)] });
        await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed));
        using DbConnection connection = Look();
        Assert.Equal(("nightly", 1L, 0L, 0L),
            connection.QuerySingle<(string, long, long, long)>("select schedule, runs, runs_unfinished, runs_waiting from v_schedules"));
        Assert.Equal([("submitted", "e", "completed"), ("skipped", null, null)],
            connection.Query<(string, string?, string?)>("select outcome, job, state from v_schedule_runs order by scheduled_for"));
        Assert.Equal(("nightly", "steps=8", "bleu", 30.0),
            connection.QuerySingle<(string, string, string, double)>("select schedule, cell, metric, score from v_schedule_quality"));
        Assert.Equal(("wh_1", "e", "completed", "pending"),
            connection.QuerySingle<(string, string, string, string)>("select webhook, job, job_state, state from v_deliveries"));
    }

    [Fact]
    public async Task Analysts_tell_tenants_apart_in_every_view_but_that_of_workers()
    {
        IPipelineIndex acme = Index.For(Tenant.Parse("acme")!.Value);
        await acme.Webhooks.AddAsync(new WebhookRow { Id = "wh_1", Url = "https://example.com" });
        await acme.Schedules.AddAsync(new ScheduleRow
        {
            Name = "nightly",
            Cron = "* * * * *",
            TimeZone = "UTC",
            Manifest = "{}",
            NextAt = Time.GetUtcNow()
        });
        ScheduleRow row = (await acme.Schedules.GetAsync("nightly"))!;
        SubmittedJob evaluate = Job("e", JobKind.Evaluate) with { EstimateSeconds = 1 };
        await acme.Schedules.StartAsync(row, new Tick(row.NextAt!.Value, null), new Submission([evaluate]));
        await PlanAsync(evaluate.Id, 1, kind: JobKind.Evaluate);
        TaskRow task = await ClaimAsync(evaluate.Id, 0);
        await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit
        {
            Errors = new Dictionary<string, long> { ["tooLong"] = 1 },
            Metrics = [new MetricValue("steps=8", "bleu", 30)],
            SweepPoints = [new SweepPoint("steps=8") { Items = 1 }],
            Artifacts = [new ArtifactRow("results/e/part", ArtifactKind.Part) { Cell = "steps=8", Part = 0 }],
        });
        await Index.Jobs.FinishAsync(evaluate.Id, new JobEnd(JobState.Completed));
        // Of two tenants, work that waits.
        SubmittedJob waits = Job("waits");
        await acme.Jobs.SubmitAsync(new Submission([waits]));
        await PlanAsync(waits.Id, 1);
        await PlannedAsync(1);
        using DbConnection connection = Look();
        foreach (string view in (string[])["v_parts", "v_attempts", "v_estimates", "v_item_errors", "v_sweep_quality", "v_cost",
            "v_schedules", "v_schedule_runs", "v_schedule_quality", "v_deliveries"])
            Assert.Equal((view, "acme"), (view, string.Join(' ', connection.Query<string>($"select distinct tenant from {view}"))));
        Assert.Equal(["", "acme"], connection.Query<string>("select distinct tenant from v_job_progress order by tenant"));
        Assert.Equal([("", 1L), ("acme", 1L)],
            connection.Query<(string, long)>("select tenant, tasks_queued from v_queue order by tenant"));
    }

    [Fact]
    public async Task Dashboards_see_progress_queues_workers_parts_errors_and_estimates()
    {
        string job = await SubmitAsync(Job() with { Priority = JobPriority.High, EstimateSeconds = 20 });
        await PlanAsync(job, 4);
        TaskRow done = await ClaimAsync(job, 0), half = await ClaimAsync(job, 1, "w2");
        await Index.Tasks.RenewAsync(half.Key, half.Attempt, Lease, new TaskProgressRow("sampling", 5, 10, "results"));
        Time.Advance(TimeSpan.FromSeconds(10));
        await Index.Tasks.CommitAsync(done.Key, done.Attempt, new TaskCommit
        {
            Succeeded = 8,
            Errored = 2,
            Errors = new Dictionary<string, long> { ["tooLong"] = 2 },
            Artifacts = [new ArtifactRow("results/s/steps=8/part-00000.jsonl", ArtifactKind.Part) { Cell = "steps=8", Part = 0, Lines = 10,
                Errored = 2, Nfe = 64, Tokens = 100, Seconds = 4 }],
        });
        using DbConnection connection = Look();
        Assert.Equal(
            (4L, 1L, 1L, 2L, 0.375, 8L, 2L),
            connection.QuerySingle<(long, long, long, long, double, long, long)>(
                "select tasks_total, tasks_done, tasks_running, tasks_queued, share_done, items_succeeded, items_errored from "
                    + "v_job_progress where id = @job", new { job }));
        Assert.Equal(("high", 2L, 1L, 20L),
            connection.QuerySingle<(string, long, long, long)>("select priority, tasks_queued, tasks_running, items_queued from v_queue"));
        Assert.Equal(("w2", 1L, 5L, 10L),
            connection.QuerySingle<(string, long, long, long)>("select worker, tasks, units_done, units_total from v_workers"));
        Assert.Equal(("steps=8", 64L, 25.0),
            connection.QuerySingle<(string, long, double)>(
                "select cell, forward_passes, tokens_per_second from v_parts where finished_at is not null"));
        Assert.Equal(("s", "tooLong", 2L), connection.QuerySingle<(string, string, long)>("select job, code, items from v_item_errors"));
        Assert.Equal([("w1", "completed", 10.0), ("w2", null, null)],
            connection.Query<(string, string?, double?)>(
                "select owner, outcome, round(cast(seconds as numeric), 3) from v_attempts order by task"));
        Assert.Empty(connection.Query("select * from v_estimates"));
        await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Failed) { Error = "2 of 10 items have errors." });
        Assert.Equal((20.0, 0.5), connection.QuerySingle<(double, double)>(
            "select estimate_seconds, round(cast(actual_to_estimate as numeric), 3) from v_estimates"));
    }

    [Fact]
    public async Task Analysts_see_quality_against_steps_and_cost_of_finished_evaluations()
    {
        string job = await PlannedAsync(1, kind: JobKind.Evaluate);
        TaskRow task = await ClaimAsync(job, 0);
        await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit
        {
            Metrics = [new MetricValue("steps=8,length.beam=5", "bleu", 30) { Low = 29, High = 31, Signature = "sig" },
                new MetricValue("steps=16", "bleu", 31)],
            SweepPoints = [new SweepPoint("steps=16") { Steps = 16, Preset = "rdm", Items = 10, ForwardPasses = 160, Tokens = 200,
                Seconds = 4, Flops = 1e12, PricePerThousandItems = 0.25, Currency = "EUR" }],
        });
        using DbConnection connection = Look();
        Assert.Empty(connection.Query("select * from v_sweep_quality"));
        await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed));
        Assert.Equal(
            [(8L, 30.0, null), (16L, 31.0, "rdm")],
            connection.Query<(long, double, string?)>("select steps, score, preset from v_sweep_quality order by steps"));
        Assert.Equal((16.0, 0.4, 50.0, 1e11, "EUR"), connection.QuerySingle<(double, double, double, double, string)>(
            "select forward_passes_per_item, seconds_per_item, tokens_per_second, flops_per_item, currency from v_cost"));
    }
}

using Dapper;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index;

public sealed class SqlJobIndexTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    SqliteDialect Dialect => new(_root.Path("dbatch.db"));

    SqlJobIndex Open() => new(Dialect, TimeProvider.System, "1@here");

    static JobRow Row(string id) => new() { Id = id, Name = "n", Kind = JobKind.Sample, Output = "o", Fingerprint = "f", State = JobState.Queued };

    [Fact]
    public void States_follow_the_state_machine()
    {
        using SqlJobIndex index = Open();
        index.Add(Row("job_1"));
        Assert.Throws<InvalidOperationException>(() => index.Transition("job_1", JobState.Completed));
        index.Transition("job_1", JobState.Running);
        Assert.Equal("1@here", index.Get("job_1")!.Owner);
        index.Transition("job_1", JobState.CompletedWithErrors, null, new ItemCounts(10, 9, 1));
        JobRow row = index.Get("job_1")!;
        Assert.Equal((JobState.CompletedWithErrors, null, 10L, 1L), (row.State, row.Owner, row.ItemsTotal, row.ItemsErrored));
        Assert.NotNull(row.FinishedAt);
        Assert.Throws<InvalidOperationException>(() => index.Transition("job_1", JobState.Queued));
    }

    [Fact]
    public void Jobs_of_dead_processes_are_freed()
    {
        using SqlJobIndex index = Open();
        foreach (string id in (string[])["a", "b", "c"]) index.Add(Row(id));
        index.Transition("a", JobState.Running);
        index.Transition("b", JobState.Running);
        index.Transition("b", JobState.Cancelling);
        Assert.Equal(2, index.TakeOver());
        Assert.Equal([JobState.Queued, JobState.Cancelled, JobState.Queued], ((string[])["a", "b", "c"]).Select(id => index.Get(id)!.State));
        Assert.Null(index.Get("a")!.Owner);
    }

    [Fact]
    public void Files_and_metrics_are_replaced_not_doubled()
    {
        using SqlJobIndex index = Open();
        index.Add(Row("a"));
        for (int i = 0; i < 2; i++)
        {
            index.SaveArtifact("a", new ArtifactRow("o/steps=8/part-00000.jsonl", ArtifactKind.Part) { Cell = "steps=8", Part = 0, Nfe = 10 + i });
            index.SaveMetrics("a", [new MetricValue("steps=8", "bleu", 30 + i), new MetricValue("steps=8", "chrf", double.NaN)]);
        }
        using var connection = Dialect.Open();
        Assert.Equal(11, connection.QuerySingle<long>("select nfe from artifacts"));
        Assert.Equal(31.0, connection.QuerySingle<double>("select score from metrics"));
    }

    [Fact]
    public void Migrations_are_applied_once_and_a_newer_index_is_refused()
    {
        using (Open()) { }
        using (Open()) { }
        using (var connection = Dialect.Open())
        {
            Assert.Equal([1L, 2L, 3L, 4L, 5L], connection.Query<long>("select number from migrations order by number"));
            connection.Execute("insert into migrations values (99, 'later', '')");
        }
        Assert.Contains("schema 99", Assert.Throws<InvalidOperationException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_an_older_index_become_files()
    {
        using (var connection = Dialect.Open())
        {
            connection.Execute("create table migrations (number integer primary key, name text not null, applied_at text not null)");
            foreach (string name in (string[])["0001_jobs", "0002_views", "0003_sweep_points"])
            {
                using Stream sql = typeof(SqlJobIndex).Assembly.GetManifestResourceStream($"sqlite/{name}.sql")!;
                connection.Execute(new StreamReader(sql).ReadToEnd());
                connection.Execute("insert into migrations values (@number, @name, '')", new { number = name[3] - '0', name });
            }
            connection.Execute("""
                insert into jobs (id, name, kind, output, fingerprint, state, tasks_total, created_at)
                values ('a', 'n', 'sample', 'results/s', 'f', 'running', 2, '2026-01-01T00:00:00.000Z');
                insert into tasks values ('a', 'steps=8', 12, 'completed', 80, 200, 1.5, '2026-01-01T00:00:01.000Z');
                """);
        }
        using (Open()) { }
        using (var connection = Dialect.Open())
        {
            Assert.Equal(
                ("results/s/steps=8/part-00012.jsonl", "part", "steps=8", 12L, 80L, 200L, 1.5),
                connection.QuerySingle<(string, string, string, long, long, long, double)>("select path, kind, cell, part, nfe, tokens, seconds from artifacts"));
            Assert.Equal((1L, 0.5), connection.QuerySingle<(long, double)>("select tasks_done, share_done from v_job_progress"));
        }
    }

    [Fact]
    public void Cells_and_their_cost_are_in_the_views()
    {
        using SqlJobIndex index = Open();
        index.Add(Row("a") with { Kind = JobKind.Evaluate });
        index.Transition("a", JobState.Running);
        for (int i = 0; i < 2; i++)
        {
            index.SaveMetrics("a", [new MetricValue("steps=8", "bleu", 30) { Low = 29, High = 31 }, new MetricValue("all", "bleu", 20)]);
            index.SaveSweepPoints("a",
            [
                new SweepPoint("steps=8") { Steps = 8, Preset = "rdm", LengthSource = "oracle", Temperature = 0.5, Items = 10, ForwardPasses = 80, Tokens = 200, Seconds = 4, LatencyMedian = 0.3, LatencyP95 = 0.9, Flops = 1e12, PeakMemory = 5_000_000_000, PricePerThousandItems = 0.25, Currency = "EUR" },
                new SweepPoint("all"),
            ]);
        }
        using var connection = Dialect.Open();
        Assert.Equal(0, connection.QuerySingle<long>("select count(*) from v_sweep_quality") + connection.QuerySingle<long>("select count(*) from v_cost"));
        index.Transition("a", JobState.Completed);
        Assert.Equal(
            [("all", null, null, null, 20.0), ("steps=8", 8L, "rdm", "oracle", 30.0)],
            connection.Query<(string, long?, string?, string?, double)>("select cell, steps, preset, length_source, score from v_sweep_quality order by cell"));
        Assert.Equal(
            ("steps=8", 8.0, 0.4, 50.0, 1e11, 0.9),
            connection.QuerySingle<(string, double, double, double, double, double)>("select cell, forward_passes_per_item, seconds_per_item, tokens_per_second, flops_per_item, latency_p95 from v_cost"));
        Assert.Equal((0.25, "EUR", 5_000_000_000L), connection.QuerySingle<(double, string, long)>("select price_per_thousand_items, currency, peak_memory from v_cost"));
    }

    [Fact]
    public async Task A_run_fills_the_index_and_its_views()
    {
        var pipeline = new PipelineManifest
        {
            Name = "p",
            Jobs = [TestRoot.Sample(), new EvaluateManifest { Name = "e", Output = "reports/e", Predictions = "results/s", References = "data/in.jsonl" }],
        };
        await _root.Run(pipeline, new FakeTasks());
        using (var connection = Dialect.Open())
        {
            Assert.Equal(
                [("steps=1", 1L, "bleu", 23.0), ("steps=8", 8L, "bleu", 23.0)],
                connection.Query<(string, long, string, double)>("select cell, steps, metric, score from v_sweep_quality order by steps"));
            Assert.Equal(
                [("e", "completed", 0L, 1.0), ("s", "completed", 12L, 1.0)],
                connection.Query<(string, string, long, double)>("select name, state, tasks_done, share_done from v_job_progress order by name"));
            Assert.Equal(23L * 8, connection.QuerySingle<long>("select sum(nfe) from artifacts where cell = 'steps=8'"));
        }
        // An index that was lost comes back without work.
        foreach (string file in Directory.GetFiles(_root.Folder, "dbatch.db*")) File.Delete(file);
        var tasks = new FakeTasks();
        await _root.Run(pipeline, tasks);
        Assert.Equal(0, tasks.Sampled + tasks.Evaluated);
        using SqlJobIndex index = Open();
        Assert.Equal([JobState.Completed, JobState.Completed], index.List().Select(j => j.State));
    }
}

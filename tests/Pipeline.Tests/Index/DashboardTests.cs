using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index;

/// <summary>The Grafana dashboards' queries, run on a PostgreSQL server as Grafana would have them.</summary>
public sealed partial class DashboardTests(PostgresFixture server)
{
    static readonly string s_folder = Path.Combine(SharedData.RepositoryRoot, "infra", "dashboards");

    public static TheoryData<string> Dashboards => [.. Directory.GetFiles(s_folder, "*.json").Select(f => Path.GetFileName(f))];

    [GeneratedRegex(@"\$__timeFilter\((\w+)\)")]
    private static partial Regex TimeFilter();

    [GeneratedRegex(@"\$__timeGroup\((\w+), \$__interval\)")]
    private static partial Regex TimeGroup();

    // Grafana's macros and the dashboards' variables.
    static string Filled(string sql) => TimeGroup()
        .Replace(TimeFilter().Replace(sql, "$1 between now() - interval '7 days' and now() + interval '1 day'"), "date_trunc('hour', $1)")
        .Replace("$metric", "bleu", StringComparison.Ordinal).Replace("$schedule", "nightly", StringComparison.Ordinal);

    // A schedule with a run that was sampled and scored, and one that wasn't taken.
    static async Task FillAsync(ISqlDialect dialect)
    {
        await using var index = new SqlPipelineIndex(dialect, TimeProvider.System);
        await index.Schedules.AddAsync(new ScheduleRow
        {
            Name = "nightly",
            Cron = "0 3 * * *",
            TimeZone = "UTC",
            Manifest = "{}",
            NextAt = DateTimeOffset.UtcNow
        });
        await index.Webhooks.AddAsync(new WebhookRow { Id = "wh_1", Url = "https://example.com" });
        ScheduleRow row = (await index.Schedules.GetAsync("nightly"))!;
        var job = new SubmittedJob
        {
            Id = "job_1",
            Name = "e",
            Kind = JobKind.Evaluate,
            Output = "reports/e",
            Manifest = "{}",
            EstimateSeconds = 2
        };
        Assert.NotNull(await index.Schedules.StartAsync(row, new Tick(row.NextAt!.Value, null), new Submission([job])));
        int plan = (await index.Planning.ClaimPlanAsync("job_1", "p", TimeSpan.FromMinutes(1)))!.Value;
        await index.Planning.AddTasksAsync("job_1", plan, [new TaskPlan(0, JobKind.Evaluate) { Part = 0, ItemCount = 2 }]);
        await index.Planning.FinishPlanAsync("job_1", plan, new PlanOutcome { Fingerprint = "f", Tasks = 1, ItemsTotal = 2 });
        TaskRow task = (await index.Tasks.ClaimAsync(new TaskKey("job_1", 0), "w", TimeSpan.FromMinutes(1))).Task!;
        await index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit
        {
            Succeeded = 1,
            Errored = 1,
            Errors = new Dictionary<string, long> { ["tooLong"] = 1 },
            Artifacts = [new ArtifactRow("reports/e/part-00000.jsonl", ArtifactKind.Part) { Part = 0, Lines = 2, Tokens = 10,
                Seconds = 1 }],
            Metrics = [new MetricValue("steps=8", "bleu", 30) { Low = 29, High = 31 }],
            SweepPoints = [new SweepPoint("steps=8") { Steps = 8, Items = 2, ForwardPasses = 16, Seconds = 1, Tokens = 10,
                LatencyMedian = 0.5 }],
        });
        await index.Jobs.FinishAsync("job_1", new JobEnd(JobState.Completed));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Each_panel_s_query_runs_and_shows_what_is_there(string file)
    {
        ISqlDialect dialect = await server.NewDatabaseAsync();
        await FillAsync(dialect);
        using JsonDocument dashboard =
            JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(s_folder, file), TestContext.Current.CancellationToken));
        string[] queries =
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray())
                .Select(t => t.GetProperty("rawSql").GetString()!),
            .. dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .Where(v => v.GetProperty("type").GetString() == "query").Select(v => v.GetProperty("query").GetString()!),
        ];
        Assert.True(queries.Length >= 8, $"{queries.Length}");
        using var connection = dialect.Open();
        foreach (string sql in queries)
        {
            int rows = connection.Query(Filled(sql)).Count();
            Assert.True(rows > 0, $"nothing comes of: {sql}");
        }
        int[] ids = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().Select(p => p.GetProperty("id").GetInt32())];
        Assert.Equal(ids.Distinct(), ids);
    }
}

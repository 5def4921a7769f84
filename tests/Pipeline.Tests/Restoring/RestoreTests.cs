using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Restoring;
using DiffusionBatch.Pipeline.Tests.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionBatch.Pipeline.Tests.Restoring;

/// <summary>An index that was lost comes back from the storage with the rows that it had.</summary>
public sealed class RestoreTests(PostgresFixture server) : IAsyncDisposable
{
    static readonly string[] s_tables = ["jobs", "tasks", "attempts", "artifacts", "items", "metrics", "sweep_points", "job_dependencies"];

    readonly PipelineRig _rig = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    IndexBackup Backup(IPipelineIndex index) => new(_rig.Store, index.Backup, NullLogger<IndexBackup>.Instance);

    static List<string> Rows(ISqlDialect dialect)
    {
        using var connection = dialect.Open();
        return [.. s_tables.SelectMany(table => connection.Query($"select * from {table}")
            .Select(row => table + ": " + string.Join(", ", ((IDictionary<string, object?>)row).OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => $"{c.Key}={Text(c.Value)}"))).Order(StringComparer.Ordinal))];
    }

    // SQLite has 1.0 and 1 alike where a column takes both.
    static string Text(object? value) => value is double or float or long or int or short
        ? Convert.ToDouble(value, null).ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        : $"{value}";

    async Task FillAsync()
    {
        await _rig.RunAsync(WorkerTests.Pipeline(), new FakeTasks());
        File.AppendAllText(_rig.Root.Path("data/in.jsonl"), "{\"id\":\"bad\",\"source\":\"no length\"}\n");
        await _rig.RunAsync(TestRoot.Sample() with { Output = "results/t", ErrorThreshold = -1 }, new FakeTasks());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_rows_as_before(bool postgres)
    {
        await FillAsync();
        await _rig.SubmitAsync(TestRoot.Sample() with { Name = "unfinished", Output = "results/u" });
        Assert.Equal(5, await Backup(_rig.Index).SaveAsync(Cancel));
        Assert.Equal(0, await Backup(_rig.Index).SaveAsync(Cancel));
        List<string> before = [.. Rows(new SqliteDialect(_rig.Database))
            .Where(row => !row.Contains("name=unfinished", StringComparison.Ordinal))];
        ISqlDialect dialect = postgres ? await server.NewDatabaseAsync() : new SqliteDialect(Path.Combine(_rig.NewFolder(), "new.db"));
        await using var lost = new SqlPipelineIndex(dialect, _rig.Time);
        Assert.Equal((5, 0), await Backup(lost).RestoreAsync(Cancel));
        Assert.Equal(before, Rows(dialect));
        Assert.Equal((0, 5), await Backup(lost).RestoreAsync(Cancel));
        Assert.Equal(before, Rows(dialect));
        Assert.Equal(0, await Backup(lost).SaveAsync(Cancel));
        JobRow pipeline = Assert.Single((await lost.Jobs.ListAsync(new JobFilter { Kind = JobKind.Pipeline }, null, 10, Cancel)).Jobs);
        Assert.Equal(3, (await lost.Jobs.ChildrenAsync(pipeline.Id, Cancel)).Count);
    }

    [Fact]
    public async Task What_is_no_record_is_left_out_and_old_records_go_with_their_jobs()
    {
        await FillAsync();
        await Backup(_rig.Index).SaveAsync(Cancel);
        Directory.CreateDirectory(_rig.Root.Path(".dbatch/index"));
        await File.WriteAllTextAsync(_rig.Root.Path(".dbatch/index/job_odd.json"), "nonsense", Cancel);
        await using var lost = new SqlPipelineIndex(new SqliteDialect(Path.Combine(_rig.NewFolder(), "new.db")), _rig.Time);
        Assert.Equal((5, 0), await Backup(lost).RestoreAsync(Cancel));
        _rig.Time.Advance(TimeSpan.FromDays(1));
        await _rig.Reconciler().DeleteOldAsync(_rig.Time.GetUtcNow(), Cancel);
        Assert.Equal("job_odd.json", Path.GetFileName(Assert.Single(Directory.GetFiles(_rig.Root.Path(".dbatch/index")))));
    }
}

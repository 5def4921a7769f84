using Dapper;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index;

public sealed class MigrationTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    SqliteDialect Dialect => new(_root.Path("dbatch.db"));

    async Task OpenAsync()
    {
        await using var index = new SqlPipelineIndex(Dialect, TimeProvider.System);
        Assert.Null(await index.Jobs.GetAsync("job_none"));
    }

    [Fact]
    public async Task Migrations_are_applied_once_and_a_newer_index_is_refused()
    {
        await OpenAsync();
        await OpenAsync();
        using (var connection = Dialect.Open())
        {
            Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L],
                connection.Query<long>("select number from migrations order by number"));
            connection.Execute("insert into migrations values (99, 'later', '')");
        }
        Assert.Contains("schema 99", (await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_index_s_parts_become_files_and_its_dead_jobs_are_freed()
    {
        using (var connection = Dialect.Open())
        {
            connection.Execute("create table migrations (number integer primary key, name text not null, applied_at text not null)");
            foreach (string name in (string[])["0001_jobs", "0002_views", "0003_sweep_points"])
            {
                using Stream sql = typeof(SqlPipelineIndex).Assembly.GetManifestResourceStream($"sqlite/{name}.sql")!;
                connection.Execute(new StreamReader(sql).ReadToEnd());
                connection.Execute("insert into migrations values (@number, @name, '')", new { number = name[3] - '0', name });
            }
            connection.Execute("""
                insert into jobs (id, name, kind, output, fingerprint, state, tasks_total, created_at)
                values ('a', 'n', 'sample', 'results/s', 'f', 'running', 2, '2026-01-01T00:00:00.000Z');
                insert into tasks values ('a', 'steps=8', 12, 'completed', 80, 200, 1.5, '2026-01-01T00:00:01.000Z');
                """);
        }
        await OpenAsync();
        using (var connection = Dialect.Open())
        {
            Assert.Equal(
                ("results/s/steps=8/part-00012.jsonl", "part", "steps=8", 12L, 80L, 200L, 1.5),
                connection.QuerySingle<(string, string, string, long, long, long, double)>(
                    "select path, kind, cell, part, nfe, tokens, seconds from artifacts"));
            Assert.Equal((1L, 0.5), connection.QuerySingle<(long, double)>("select tasks_done, share_done from v_job_progress"));
        }
        await _root.Run(TestRoot.Sample() with { Output = "results/t" }, new FakeTasks());
        using (var connection = Dialect.Open())
            Assert.Equal("queued", connection.QuerySingle<string>("select state from jobs where id = 'a'"));
    }
}

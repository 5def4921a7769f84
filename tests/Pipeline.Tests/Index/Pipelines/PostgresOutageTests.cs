using System.Diagnostics;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

/// <summary>The database goes away in the middle of work, with a server of the test's own.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    PostgresServer? _server;

    public async ValueTask InitializeAsync() => _server = await PostgresFixture.StartServerAsync();

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
    }

    SqlPipelineIndex Open() => new(new PostgresDialect(_server!.Connection("postgres")), TimeProvider.System);

    [Fact]
    public async Task Work_goes_on_after_ten_seconds_without_a_database()
    {
        const int Workers = 4, TaskCount = 400;
        await using SqlPipelineIndex index = Open();
        string job = "job_" + Guid.CreateVersion7().ToString("N");
        await index.Jobs.SubmitAsync(new Submission([new SubmittedJob { Id = job, Name = "s", Kind = JobKind.Sample, Manifest = "{}" }]));
        int plan = (await index.Planning.ClaimPlanAsync(job, "p", s_lease))!.Value;
        await index.Planning.AddTasksAsync(job, plan,
            [.. Enumerable.Range(0, TaskCount).Select(i => new TaskPlan(i, JobKind.Sample) { Part = i, FirstItem = i, ItemCount = 1 })]);
        await index.Planning.FinishPlanAsync(job, plan, new PlanOutcome { Fingerprint = "f", Tasks = TaskCount });

        int next = -1, lasts = 0, done = 0;
        var longest = TimeSpan.Zero;
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task WorkAsync(int worker)
        {
            await using SqlPipelineIndex own = Open();
            for (int ordinal = Interlocked.Increment(ref next); ordinal < TaskCount; ordinal = Interlocked.Increment(ref next))
            {
                var watch = Stopwatch.StartNew();
                ClaimOutcome claim = await own.Tasks.ClaimAsync(new TaskKey(job, ordinal), "w" + worker, s_lease);
                Assert.Equal((ClaimStatus.Claimed, 1), (claim.Status, claim.Task?.Attempt));
                Assert.Equal(RenewOutcome.Held,
                    await own.Tasks.RenewAsync(claim.Task!.Key, 1, s_lease, new TaskProgressRow("sampling", 1, 1, "results")));
                CommitOutcome commit = await own.Tasks.CommitAsync(claim.Task.Key, 1, new TaskCommit { Succeeded = 1 });
                Assert.True(commit.Committed);
                if (commit.LastOfJob) Interlocked.Increment(ref lasts);
                lock (halfway) longest = watch.Elapsed > longest ? watch.Elapsed : longest;
                if (Interlocked.Increment(ref done) == TaskCount / 4) halfway.SetResult();
                await Task.Delay(5);
            }
        }
        Task[] workers = [.. Enumerable.Range(0, Workers).Select(WorkAsync)];
        await Task.WhenAny(halfway.Task, Task.WhenAll(workers));
        await _server!.StopAsync();
        Assert.False(await index.PingAsync());
        await Task.Delay(TimeSpan.FromSeconds(10));
        await _server.StartAsync();
        await Task.WhenAll(workers);

        Assert.True(await index.PingAsync());
        Assert.Equal(1, lasts);
        Assert.True(longest > TimeSpan.FromSeconds(8), $"Nobody waited for the database: {longest}.");
        JobFigures figures = await index.Jobs.FiguresAsync(job);
        Assert.Equal((TaskCount, TaskCount), (figures.Tasks[TaskState.Completed], figures.ItemsSucceeded));
        Assert.True(await index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed)));
    }

    [Fact]
    public async Task A_caller_needs_not_wait()
    {
        await using SqlPipelineIndex index = Open();
        Assert.True(await index.PingAsync());
        await _server!.StopAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => index.Jobs.GetAsync("job_1", soon.Token));
    }
}

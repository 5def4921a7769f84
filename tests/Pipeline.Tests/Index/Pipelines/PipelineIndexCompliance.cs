using System.Data.Common;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

/// <summary>What every database must do as the pipeline's index. Here are the tools; the tests are in the files beside it.</summary>
public abstract partial class PipelineIndexCompliance : IAsyncLifetime
{
    protected static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    readonly List<SqlPipelineIndex> _opened = [];
    ISqlDialect _dialect = null!;

    private protected ManualTime Time { get; } = new();

    /// <summary>The index under test.</summary>
    private protected SqlPipelineIndex Index { get; private set; } = null!;

    protected abstract Task<ISqlDialect> NewDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _dialect = await NewDatabaseAsync();
        Index = Another();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (SqlPipelineIndex index in _opened) await index.DisposeAsync();
    }

    /// <summary>The same database as another process has it.</summary>
    private protected SqlPipelineIndex Another()
    {
        var index = new SqlPipelineIndex(_dialect, Time);
        _opened.Add(index);
        return index;
    }

    /// <summary>A connection of the test's own.</summary>
    private protected DbConnection Look() => _dialect.Open();

    /// <summary>Runs calls at once, each by an index of its own.</summary>
    private protected async Task<T[]> RaceAsync<T>(int callers, Func<SqlPipelineIndex, int, Task<T>> call)
    {
        SqlPipelineIndex[] indices = [.. Enumerable.Range(0, callers).Select(_ => Another())];
        foreach (SqlPipelineIndex index in indices) await index.PingAsync();
        using var start = new Barrier(callers);
        return await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return call(indices[i], i);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    private protected string NewId()
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        return "job_" + Guid.CreateVersion7(Time.GetUtcNow()).ToString("N");
    }

    private protected SubmittedJob Job(string name = "s", JobKind kind = JobKind.Sample) =>
        new() { Id = NewId(), Name = name, Kind = kind, Output = kind == JobKind.Pipeline ? "" : "results/" + name, Manifest = "{}" };

    private protected async Task<string> SubmitAsync(SubmittedJob? job = null) =>
        (await Index.Jobs.SubmitAsync(new Submission([job ?? Job()]))).Job.Id;

    /// <summary>A pipeline of a finetune, a sample that needs it and an evaluation that needs that; the parent's id first.</summary>
    private protected async Task<string[]> SubmitPipelineAsync()
    {
        SubmittedJob parent = Job("nightly", JobKind.Pipeline);
        SubmittedJob finetune = Job("f", JobKind.Finetune) with { ParentId = parent.Id };
        SubmittedJob sample = Job("s") with { ParentId = parent.Id, Needs = [finetune.Id] };
        SubmittedJob evaluate = Job("e", JobKind.Evaluate) with { ParentId = parent.Id, Needs = [sample.Id] };
        await Index.Jobs.SubmitAsync(new Submission([parent, finetune, sample, evaluate]));
        return [parent.Id, finetune.Id, sample.Id, evaluate.Id];
    }

    private protected static TaskPlan[] Tasks(int count, int items = 10, JobKind kind = JobKind.Sample) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new TaskPlan(i, kind) { Part = i, FirstItem = i * items, ItemCount = items, ByteOffset = 100 * i, ByteLength = 100,
                FirstLine = 1 + i * items })];

    /// <summary>Plans a job and sends its messages.</summary>
    private protected async Task PlanAsync(string job, int tasks = 2, int items = 10, JobKind kind = JobKind.Sample)
    {
        int plan = (await Index.Planning.ClaimPlanAsync(job, "planner", Lease))!.Value;
        Assert.True(await Index.Planning.AddTasksAsync(job, plan, Tasks(tasks, items, kind)));
        Assert.True(await Index.Planning.FinishPlanAsync(job, plan,
            new PlanOutcome { Fingerprint = "f", Tasks = tasks, ItemsTotal = tasks * items }));
        await SendAsync();
    }

    private protected async Task<IReadOnlyList<OutboxRow>> SendAsync()
    {
        IReadOnlyList<OutboxRow> sent = await Index.Outbox.PendingAsync(10_000);
        await Index.Outbox.MarkSentAsync([.. sent.Select(m => m.Id)]);
        return sent;
    }

    private protected async Task<string> PlannedAsync(int tasks = 2, int items = 10, JobKind kind = JobKind.Sample)
    {
        string job = await SubmitAsync(Job(kind: kind));
        await PlanAsync(job, tasks, items, kind);
        return job;
    }

    private protected async Task<TaskRow> ClaimAsync(string job, int ordinal, string owner = "w1")
    {
        ClaimOutcome claim = await Index.Tasks.ClaimAsync(new TaskKey(job, ordinal), owner, Lease);
        Assert.Equal(ClaimStatus.Claimed, claim.Status);
        return claim.Task!;
    }

    private protected async Task<CommitOutcome> WorkAsync(string job, int ordinal)
    {
        TaskRow task = await ClaimAsync(job, ordinal);
        return await Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit { Succeeded = task.ItemCount });
    }

    /// <summary>Plans, works on and ends a job of one task.</summary>
    private protected async Task CompleteAsync(string job, JobKind kind = JobKind.Sample)
    {
        await PlanAsync(job, 1, kind: kind);
        await WorkAsync(job, 0);
        Assert.True(await Index.Jobs.FinishAsync(job, new JobEnd(JobState.Completed)));
    }

    private protected async Task<JobState> StateAsync(string job) => (await Index.Jobs.GetAsync(job))!.State;

    private protected async Task<JobState[]> StatesAsync(params string[] jobs) => [.. await Task.WhenAll(jobs.Select(StateAsync))];

    private protected async Task<TaskRow> TaskAsync(string job, int ordinal) =>
        (await Index.Tasks.ListAsync(job)).Single(t => t.Ordinal == ordinal);
}

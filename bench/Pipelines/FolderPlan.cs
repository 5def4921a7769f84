using System.Diagnostics;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Submitting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Bench;

/// <summary>The pipeline's services in this process, with a folder as the storage root and queues in memory.</summary>
internal sealed class FolderPlan(string root, string index) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
        .AddDiffusionBatchPipeline(connection => (connection.Folder, connection.Index) = (root, index))
        .BuildServiceProvider();

    /// <summary>Hands a manifest in and plans it.</summary>
    /// <returns>The seconds of both, the second from the first one's end on, and the tasks.</returns>
    internal async Task<(double Submit, double Plan, int Tasks)> RunAsync(string manifest)
    {
        var jobs = _services.GetRequiredService<JobService>();
        long start = Stopwatch.GetTimestamp();
        var submitted = await jobs.SubmitAsync(new SubmitRequest(System.Text.Encoding.UTF8.GetBytes(manifest)), default);
        if (submitted.Outcome is not { } outcome)
            throw new InvalidOperationException(string.Join('\n', submitted.Problems));
        double submit = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await _services.GetRequiredService<Planner>().PlanAsync(outcome.Job.Id, default);
        double plan = Stopwatch.GetElapsedTime(start).TotalSeconds - submit;
        var job = await _services.GetRequiredService<IJobIndex>().GetAsync(outcome.Job.Id, default);
        return job is { PlannedAt: not null, TasksTotal: > 0 and var tasks }
            ? (submit, plan, (int)tasks)
            : throw new InvalidOperationException($"The job wasn't planned: {job?.Error}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

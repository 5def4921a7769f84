using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Makes a locked pipeline's state anew from its jobs' states.</summary>
internal static class UpdatePipeline
{
    const string States = "select state as State, name as Name from jobs where parent_id = @id order by place";

    /// <summary>Nothing where there is no pipeline. Returns whether the state changed.</summary>
    public static async Task<bool> RunAsync(IndexSession session, JobRow? pipeline)
    {
        if (pipeline is null) return false;
        List<Child> jobs = await session.ListAsync<Child>(States, new { id = pipeline.Id });
        JobState state = PipelineState.Of(pipeline.State, [.. jobs.Select(j => j.State)]);
        if (state == pipeline.State) return false;
        string? error = state == JobState.Failed ? $"{jobs.First(j => j.State == JobState.Failed).Name} failed." : null;
        await MoveJob.ThroughAsync(session, pipeline, state, error);
        return true;
    }

    sealed record Child
    {
        public JobState State { get; init; }

        public string Name { get; init; } = "";
    }
}

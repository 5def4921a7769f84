using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Cli.Tests.Remote;

/// <summary>What a job at a server is said to do.</summary>
public sealed class JobProgressesTests
{
    // Between its shards a job has no running task; it doesn't plan again then.
    [Theory]
    [InlineData(0, null, "planning")]
    [InlineData(0, "sampling", "sampling")]
    [InlineData(256, "sampling", "sampling")]
    [InlineData(256, null, "waiting")]
    [InlineData(1000, null, "finishing")]
    public void A_running_job_says_what_its_newest_task_does_or_what_it_waits_for(long done, string? phase, string expected) =>
        Assert.Equal(expected, JobProgresses.Of(
            Job(JobState.Running) with { Progress = new JobProgressView(done, 1000, "results", phase, null, null, null) }).Phase);

    [Fact]
    public void A_running_job_without_tasks_is_planned() => Assert.Equal("planning", JobProgresses.Of(Job(JobState.Running)).Phase);

    [Theory]
    [InlineData(JobState.Queued, "queued")]
    [InlineData(JobState.Cancelling, "cancelling")]
    [InlineData(JobState.Completed, "completed")]
    public void Another_job_says_its_state(JobState state, string expected) => Assert.Equal(expected, JobProgresses.Of(Job(state)).Phase);

    static JobView Job(JobState state) =>
        new()
        {
            Id = "job_1",
            Name = "translate",
            Kind = JobKind.Sample,
            State = state,
            Priority = JobPriority.Normal,
            CreatedAt = DateTimeOffset.UnixEpoch
        };
}

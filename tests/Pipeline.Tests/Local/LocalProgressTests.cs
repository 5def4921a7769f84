using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Local;

public sealed class LocalProgressTests
{
    sealed class Told : IProgress<JobProgress>
    {
        public List<(string? Note, long Done)> All { get; } = [];

        public void Report(JobProgress value) => All.Add((value.Note, value.Done));
    }

    // A worker may be at a job before the loop that follows it has looked.
    [Fact]
    public void Notes_from_before_the_job_is_counted_are_told_once_it_is()
    {
        var time = new ManualTime();
        var progress = new LocalProgress(time);
        var task = new TaskRow { JobId = "job_1", Ordinal = 0, Kind = JobKind.Sample, State = TaskState.Running };
        progress.Observe(task, new TaskProgress("", -1, 0, "", Note: "the model's files don't agree"));
        progress.Observe(task, new TaskProgress("sampling", 1, 2, "results"));

        var told = new Told();
        var job = new JobRow
        {
            Id = "job_1",
            Name = "s",
            Kind = JobKind.Sample,
            Output = "results/s",
            Fingerprint = "",
            State = JobState.Running,
            ItemsTotal = 2,
        };
        progress.Begin(job, 1, [task], new ProgressReporter(new PlannedJob(TestRoot.Sample(), [], ""), told, time));
        Assert.Equal(["the model's files don't agree"], told.All.Select(t => t.Note));
        time.Advance(TimeSpan.FromSeconds(1));
        progress.Observe(task, new TaskProgress("sampling", 2, 2, "results"));
        Assert.Equal([null, "the model's files don't agree"], told.All.Select(t => t.Note).Order());
        Assert.Equal(2, told.All[^1].Done);
    }
}

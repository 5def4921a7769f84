using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    async Task<string> EvaluatedAsync(string name, JobState state, params int[] steps)
    {
        string job = await SubmitAsync(Job(name, JobKind.Evaluate));
        Assert.NotNull(await Index.Planning.ClaimPlanAsync(job, "p", Lease));
        Assert.True(await Index.Jobs.FinishAsync(job, new JobEnd(state)
        {
            SweepPoints = [.. steps.Select(s =>
                new SweepPoint($"steps={s}") { Steps = s, Items = 10, ForwardPasses = 10 * s, Temperature = 0.5, LatencyMedian = 0.25 })],
            Metrics = [.. steps.SelectMany(s =>
                new MetricValue[] { new($"steps={s}", "bleu", s) { Low = s - 1, High = s + 1, Signature = "sig" },
                    new($"steps={s}", "chrf", s + 50) })],
        }));
        Time.Advance(s_second);
        return job;
    }

    [Fact]
    public async Task Sweeps_show_finished_evaluations_with_their_scores_and_costs()
    {
        string first = await EvaluatedAsync("nightly", JobState.Completed, 8, 1, 16),
            second = await EvaluatedAsync("weekly", JobState.CompletedWithErrors, 2);
        await EvaluatedAsync("bad", JobState.Failed, 4);
        IReadOnlyList<SweepCell> all = await Index.Sweeps.ListAsync(new SweepFilter(), 100);
        Assert.Equal([(second, 2), (first, 1), (first, 8), (first, 16)], all.Select(c => (c.JobId, (int)c.Point.Steps!)));
        SweepCell cell = all[2];
        Assert.Equal(("nightly", "results/nightly",
            new SweepPoint("steps=8") { Steps = 8, Items = 10, ForwardPasses = 80, Temperature = 0.5, LatencyMedian = 0.25 }),
            (cell.Name, cell.Output, cell.Point));
        Assert.Equal([new MetricValue("steps=8", "bleu", 8) { Low = 7, High = 9, Signature = "sig" },
            new MetricValue("steps=8", "chrf", 58)], cell.Metrics);
        Assert.Equal([second], (await Index.Sweeps.ListAsync(new SweepFilter { Name = "weekly" }, 100)).Select(c => c.JobId));
        Assert.Equal(["bleu", "bleu", "bleu"],
            (await Index.Sweeps.ListAsync(new SweepFilter { JobId = first, Metric = "bleu" }, 100)).SelectMany(c => c.Metrics)
                .Select(m => m.Name));
        Assert.Equal(2, (await Index.Sweeps.ListAsync(new SweepFilter(), 2)).Count);
        Assert.Empty(await Index.Sweeps.ListAsync(new SweepFilter { JobId = "job_none" }, 2));
    }
}

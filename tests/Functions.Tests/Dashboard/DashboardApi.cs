using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Functions.Tests.Dashboard;

/// <summary>An app of its own, with jobs of every sort; the worker is the test.</summary>
public sealed class DashboardApi : IAsyncLifetime
{
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(10);

    ApiHost? _api;

    internal ApiHost Api => _api!;

    /// <summary>An evaluation of 5 cells with a report of 200 items and traces.</summary>
    internal string Evaluation { get; private set; } = "";

    /// <summary>A finished sample job of 3 items in 2 cells.</summary>
    internal string Sample { get; private set; } = "";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.StartAsync(null);
        await _api.WriteAsync(SharedApi.Input,
            string.Concat(Enumerable.Range(0, 3)
                .Select(i => $$"""{"id":"item-{{i}}","source":"Satz {{i}}","target":"sentence {{i}}"}""" + "\n")));
        await _api.WriteAsync($"{SharedApi.Model}/config.json", """{"model_type":"xlm-roberta"}""");
        await _api.WriteAsync($"{SharedApi.Model}/tokenizer.json", "{}");
        for (int run = 1; run <= 3; run++) Evaluation = await EvaluatedAsync(run, run < 3 ? 30 : 20);
        ReportFiles.Write(Path.Combine(_api.Root, "reports/run-3"), SampleReport.Create(200));
        Sample = await SampledAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    internal async Task<string> PlannedAsync(string name)
    {
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(name)), HttpStatusCode.Accepted);
        await Api.PlanAsync(job.Id);
        return job.Id;
    }

    internal async Task<TaskRow> ClaimAsync(string job, int ordinal, string worker = "worker-1") =>
        (await Api.Index.Tasks.ClaimAsync(new TaskKey(job, ordinal), worker, s_lease, Cancel)).Task!;

    internal Task RenewAsync(TaskRow task, int done) =>
        Api.Index.Tasks.RenewAsync(task.Key, task.Attempt, s_lease, new TaskProgressRow("sampling", done, 4, "results"), Cancel);

    async Task<string> EvaluatedAsync(int run, double bleu)
    {
        string id = $"job_00{run}evaluation"; // before all that are submitted
        await Api.Index.Jobs.SubmitAsync(
            new Submission(
                [new SubmittedJob { Id = id, Name = "nightly-scores", Kind = JobKind.Evaluate, Output = $"reports/run-{run}",
                    Manifest = "{}" }]), Cancel);
        await Api.Index.Planning.ClaimPlanAsync(id, "p", s_lease, Cancel);
        await Api.Index.Jobs.FinishAsync(id, new JobEnd(JobState.Completed)
        {
            SweepPoints = [.. new[] { 1, 16 }.Select(s => new SweepPoint($"steps={s}") { Steps = s, Items = 10, ForwardPasses = 10 * s })],
            Metrics = [.. new[] { 1, 16 }.Select(s =>
                new MetricValue($"steps={s}", "bleu", bleu + s) { Low = bleu + s - 1, High = bleu + s + 1 })],
        }, Cancel);
        return id;
    }

    async Task<string> SampledAsync()
    {
        string job = await PlannedAsync("finished-sample");
        foreach (int steps in new[] { 1, 2 })
        {
            await Api.WriteAsync($"results/finished-sample/steps={steps}/part-00000.jsonl", Lines(steps, [0, 1]));
            await Api.WriteAsync($"results/finished-sample/steps={steps}/part-00001.jsonl", Lines(steps, [2]));
        }
        for (int i = 0; i < 2; i++)
        {
            TaskRow task = await ClaimAsync(job, i);
            await Api.Index.Tasks.CommitAsync(task.Key, task.Attempt, new TaskCommit { Succeeded = 2 - i }, Cancel);
        }
        await Api.FinalizeAsync(job);
        return job;
    }

    static string Lines(int steps, int[] items) => string.Concat(items.Select(i => JsonSerializer.Serialize(
        new { id = $"item-{i}", text = steps == 2 ? $"sentence {i}" : $"sentence {i}{i}", score = -0.5, length = 4, nfe = steps }) + "\n"));
}

/// <summary>The tests on <see cref="DashboardApi"/>, in one browser: they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class DashboardTests : ICollectionFixture<DashboardApi>, ICollectionFixture<Browser>
{
    public const string Name = "dashboard";
}

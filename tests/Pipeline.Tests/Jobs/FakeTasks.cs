using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

/// <summary>Work that is quick and whose results are a function of seed, item and cell alone, in an order that isn't the input's.</summary>
internal sealed class FakeTasks : IJobTasks
{
    /// <summary>How many items the sampler holds back before results come, in reverse order.</summary>
    public int Window { get; init; } = 5;

    public List<Problem> Problems { get; } = [];

    /// <summary>Called with the number of results so far before each result.</summary>
    public Action<int> OnResult { get; set; } = _ => { };

    /// <summary>Called with each item before its results.</summary>
    public Action<InputItem> OnItem { get; init; } = _ => { };

    /// <summary>Called when the sampler is told that no item is there at present.</summary>
    public Action OnPause { get; init; } = () => { };

    /// <summary>How often it asks again before it goes on with what it has.</summary>
    public int Patience { get; init; }

    /// <summary>How often sampling began.</summary>
    public int Streams { get; private set; }

    public int Sampled { get; private set; }

    public int Finetuned { get; private set; }

    public int Evaluated { get; private set; }

    public IReadOnlyList<Problem> Check(JobManifest manifest, string root, IReadOnlySet<string> pending,
        CancellationToken cancellationToken) => Problems;

    public Task<TaskReport> FinetuneAsync(FinetuneTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(task.Work);
        string resume = Path.Combine(task.Work, "steps");
        int step = File.Exists(resume) ? (int)new FileInfo(resume).Length : 0;
        for (; step < task.Manifest.Training.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            OnResult(step);
            File.AppendAllText(resume, ".");
            Finetuned++;
            progress?.Report(new TaskProgress("training", step + 1, task.Manifest.Training.Steps, "steps"));
        }
        File.WriteAllText(Path.Combine(task.Output, "model.safetensors"), $"weights of seed {task.Manifest.Seed}");
        File.WriteAllText(Path.Combine(task.Output, "config.json"), "{}");
        return Task.FromResult(new TaskReport { Warnings = ["2 pairs were cut"] });
    }

    public IEnumerable<ItemResult> Sample(SampleTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        Streams++;
        foreach (List<InputItem> window in Windows(task.Items))
            foreach (InputItem item in window.AsEnumerable().Reverse())
                for (int cell = 0; cell < task.Cells.Count; cell++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    OnItem(item);
                    OnResult(Sampled);
                    Sampled++;
                    yield return Result(task, item, cell);
                }
    }

    // A sampler that is told that no item is there at present goes on with those that it has.
    IEnumerable<List<InputItem>> Windows(IEnumerable<InputItem?> items)
    {
        var window = new List<InputItem>();
        int asked = 0;
        foreach (InputItem? item in items)
        {
            if (item is not null) window.Add(item);
            else OnPause();
            if (window.Count < Window && (item is not null || asked++ < Patience)) continue;
            asked = 0;
            yield return window;
            window = [];
        }
        yield return window;
    }

    public Task<TaskReport> EvaluateAsync(EvaluateTask task, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        Evaluated++;
        var metrics = PredictionReader.Cells(Path.Combine(task.Root, task.Manifest.Predictions))
            .Select(c => new MetricValue(c.Name, "bleu", PredictionReader.Read(c).Count()) { Signature = "s" }).ToList();
        File.WriteAllText(Path.Combine(task.Output, "report.json"), string.Join(',', metrics.Select(m => m.Cell)), new UTF8Encoding(false));
        return Task.FromResult(new TaskReport { Metrics = metrics });
    }

    static ItemResult Result(SampleTask task, InputItem item, int cell)
    {
        if (item.Source == "no length") return new ItemResult(item.Index, cell, item.Id) { Error = new ItemError("noLength", "no length") };
        int seed = (item.Id + task.Cells[cell].Name).Sum(c => c) + (int)task.Manifest.Seed;
        return new ItemResult(item.Index, cell, item.Id)
        {
            Ids = [seed % 7, seed % 11, 2],
            Text = $"{item.Source} → {task.Cells[cell].Settings.Steps}",
            Score = -seed / 7.0,
            Length = 3,
            Nfe = task.Cells[cell].Settings.Steps,
            Seconds = 0.5,
            Traces = [new CandidateTrace(0, [new TraceStep(1, [new TraceWrite(0, seed % 7, -0.1f)], [1, 2])])],
        };
    }
}

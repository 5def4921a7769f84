using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>A shard of a sample job with its results so far; they lie in the task's folder as a job's do in its output.</summary>
internal sealed class ShardTask : PreparedTask
{
    long _saved;

    public ShardTask(TaskClaim claim, JobContext context, string folder, ResultStore store)
        : base(claim, context, folder)
    {
        Results = new ShardResults(store, claim.Task.FirstItem);
        Seconds = [.. context.Cells.Select(_ => Array.Empty<double>())];
        store.PartFinished = part => Seconds[part.Cell] = [.. part.Rows.Select(r => r.Seconds)];
    }

    /// <summary>The job's manifest.</summary>
    public SampleManifest Manifest => (SampleManifest)Context.Manifest;

    /// <summary>Where its results go.</summary>
    public ShardResults Results { get; }

    /// <summary>What earlier attempts or halves said of parts that were there already; null where nothing was.</summary>
    public TaskCost? Known { get; init; }

    /// <summary>Each item's computing time by cell; empty where the part was there already.</summary>
    public double[][] Seconds { get; }

    /// <summary>Seconds that the device worked on it.</summary>
    public double Busy { get; set; }

    /// <summary>Whether it runs alone: after a failure nobody else's shard may share its fate.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Its items in input order, as they are read; none where all results are there.</summary>
    public IEnumerable<InputItem> Items() =>
        Results.Store.IsDone ? [] : InputReader.ReadSample(InputFile(Folder), Manifest.Input, SpanOf(Claim.Task), Manifest.PassThrough);

    /// <summary>Tells how far it is.</summary>
    public void Report(IReadOnlyDictionary<string, double> figures)
    {
        long total = Task.ItemCount * Context.Cells.Count;
        Claim.Report(new TaskProgress("sampling", Results.Store.Tally.Results, total, "results", figures));
    }

    /// <inheritdoc/>
    protected override async Task<bool> SaveFilesAsync(ResumeFiles resume, CancellationToken cancellationToken)
    {
        string journal = Results.Store.Journal;
        long length = new FileInfo(journal).Length;
        if (length == _saved || Results.Store.IsDone) return false;
        await resume.SaveJournalAsync(Task, journal, cancellationToken);
        _saved = length;
        return true;
    }

    /// <summary>Where a shard's lines lie in its task's folder.</summary>
    public static string InputFile(string folder) => Path.Combine(folder, "input.jsonl");

    /// <summary>Where a shard begins in the input.</summary>
    public static ItemSpan SpanOf(Index.TaskRow task) =>
        new(task.FirstItem, checked((int)task.FirstLine), task.ByteOffset, task.ByteOffset + task.ByteLength);

    /// <inheritdoc/>
    protected override void CloseFiles() => Results.Store.Dispose();
}

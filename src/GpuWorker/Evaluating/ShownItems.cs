using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Which items a report's page carries with their texts: the first, as many as a page can hold.</summary>
internal static class ShownItems
{
    /// <summary>The most items.</summary>
    public const int Most = 20_000;

    /// <summary>The most bytes that references and predictions of the items shown take in their files, on average.</summary>
    public const long MostBytes = 32 << 20;

    /// <summary>How many items to show.</summary>
    public static int Count(ReferenceFile references, IEnumerable<PredictionCell> cells)
    {
        long bytes = references.Bytes + cells.SelectMany(c => c.Files).Sum(f => new FileInfo(f).Length);
        long fitting = bytes <= MostBytes ? references.Count : references.Count * MostBytes / bytes;
        return (int)Math.Clamp(fitting, Math.Min(1, references.Count), Math.Min(Most, references.Count));
    }

    /// <summary>The items with what every cell made of them.</summary>
    public static List<ReportItem> Of(ReferenceFile references, IReadOnlyList<CellScoring> scorings, int shown) =>
        [.. references.All().Take(shown)
            .Select(r => new ReportItem(r.Id, r.Source, r.Targets, [.. scorings.Select(s => s.Hypothesis((int)r.Index))]))];
}

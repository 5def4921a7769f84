using DiffusionBatch.Contracts;
using DiffusionBatch.Evaluation.Reporting;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Which traces a report's page carries: those of the first items that have some, the same items in every cell.</summary>
/// <param name="cells">The cells, in the report's order.</param>
/// <param name="shown">The ids of the items that the page carries.</param>
internal sealed class ShownTraces(IReadOnlyList<PredictionCell> cells, IReadOnlySet<string> shown)
{
    /// <summary>The most items with traces.</summary>
    public const int MostItems = 50;

    /// <summary>The most tokens written in all of them, some 15 bytes of the page each.</summary>
    public const int MostWrites = 200_000;

    readonly List<ReportTrace> _traces = [];
    readonly HashSet<string> _items = new(StringComparer.Ordinal);
    bool _more;

    /// <summary>Why a cell's traces can't be shown, in sentences.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads them.</summary>
    /// <param name="folder">The results' folder, as the manifest names it.</param>
    /// <param name="textsOf">The texts of tokens.</param>
    /// <returns>Null where there are none.</returns>
    public ReportTraces? Read(string folder, Func<IReadOnlyCollection<int>, IReadOnlyDictionary<int, string>> textsOf)
    {
        int traced = cells.Count(c => c.TraceFiles.Count > 0);
        if (traced == 0) return null;
        for (int cell = 0; cell < cells.Count; cell++)
        {
            int before = _traces.Count;
            try
            {
                Read(cell, MostWrites / traced);
            }
            catch (ProblemsException e)
            {
                _traces.RemoveRange(before, _traces.Count - before);
                Notes.Add($"{cells[cell].Name}: the traces are left "
                    + $"out: {Path.GetFileName(e.Problems[0].File)} line {e.Problems[0].Line}: {e.Problems[0].Message}");
            }
        }
        if (_traces.Count == 0) return null;
        HashSet<int> tokens = [.. _traces.SelectMany(t => t.Steps).SelectMany(s => s.Write).Select(w => w.Id)];
        int items = _traces.Select(t => t.Id).Distinct(StringComparer.Ordinal).Count();
        string which = _more ? $"This page plays the first {(items == 1 ? "item" : $"{items} items")} that were "
            + $"traced; {folder}/*/trace-*.jsonl has all of them." : $"Traced: {(items == 1 ? "1 item" : $"{items} items")}.";
        return new ReportTraces(_traces, textsOf(tokens),
            which + " Colours are the probability that the model gave a token when it was written.");
    }

    /// <summary>The first cell with traces chooses the items, within what it may take of the page; the others follow it.</summary>
    void Read(int cell, int mostWrites)
    {
        bool chooses = _items.Count == 0;
        int writes = 0, found = 0;
        string? last = null;
        foreach ((string id, CandidateTrace trace) in TraceReader.Read(cells[cell]))
        {
            if (id != last)
            {
                bool full = chooses ? _items.Count == MostItems : found == _items.Count;
                if (full || writes >= mostWrites)
                {
                    _more = true;
                    return;
                }
                if (chooses && shown.Contains(id)) _items.Add(id);
                if (_items.Contains(id)) found++;
                last = id;
            }
            if (!_items.Contains(id)) continue;
            writes += trace.Steps.Sum(s => s.Write.Count);
            _traces.Add(new ReportTrace(id, cell, trace.Candidate,
                [.. trace.Steps.Select(s =>
                    new ReportTraceStep(s.Step, [.. s.Write.Select(w => (w.Position, w.Id, w.LogProbability))], s.Mask))]));
        }
    }
}

using DiffusionBatch.Evaluation.Reporting;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Ids of one cell with one problem: all go to the file, the first are kept.</summary>
/// <param name="cell">The cell.</param>
/// <param name="problem">The problem.</param>
/// <param name="file">Takes all.</param>
internal sealed class UnmatchedIds(string cell, string problem, UnmatchedFile file)
{
    readonly List<string> _first = [];
    long _count;

    /// <summary>Adds an id, with its prediction's place where it has one.</summary>
    public void Add(string id, string? path = null, int line = 0)
    {
        file.Add(cell, problem, id, path, line);
        if (++_count <= IdList.Most) _first.Add(id);
    }

    /// <summary>What was added.</summary>
    public IdList List => new(_count, _first);
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Diffusion.Lengths;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One item in one cell: its candidates, and how many of them are still on their way.</summary>
/// <param name="item">The item.</param>
/// <param name="cellIndex">The cell's place.</param>
/// <param name="candidates">In order; several may be the same one.</param>
/// <param name="lengthSeconds">The length predictor's share, where this cell used it.</param>
internal sealed class CellRun(ItemRun item, int cellIndex, Candidate[] candidates, double lengthSeconds)
{
    int _running = candidates.Length;

    /// <summary>Counts one candidate as done; true when it was the last.</summary>
    public bool CandidateDone() => --_running == 0;

    /// <summary>The result, once every candidate is done.</summary>
    public SampleResult Result(bool traced)
    {
        var scores = new double[candidates.Length];
        for (int i = 0; i < scores.Length; i++) scores[i] = candidates[i].Score;
        int best = Rerank.Best(scores);
        return new SampleResult
        {
            ItemIndex = item.Index,
            CellIndex = cellIndex,
            Id = item.Item.Id,
            Ids = [.. candidates[best].Ids],
            Score = scores[best],
            Nfe = candidates.Sum(c => c.Nfe),
            Passes = [.. candidates.Select(c => c.Passes(item.Item))],
            Candidate = best,
            Seconds = lengthSeconds + candidates.Sum(c => c.Seconds),
            Trace = traced ? [.. candidates.Select((c, i) => new CandidateTrace(i, c.Trace!))] : null,
        };
    }
}

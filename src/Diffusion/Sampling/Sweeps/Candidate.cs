using DiffusionBatch.Contracts;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One response, on its way or done; several cells, and items of one prompt, may share it.</summary>
internal abstract class Candidate
{
    readonly List<CellRun> _users = [];
    bool _isFinished;

    /// <summary>Its tokens, once it is done.</summary>
    public abstract int[] Ids { get; }

    /// <summary>The model's own score, by which candidates are ranked: a mean log-probability.</summary>
    public abstract double Score { get; }

    /// <summary>Forward passes needed so far.</summary>
    public int Nfe { get; protected set; }

    /// <summary>Their seconds, shared ones in full.</summary>
    public double Seconds { get; protected set; }

    /// <summary>The steps that changed something, where they are recorded.</summary>
    public abstract IReadOnlyList<TraceStep>? Trace { get; }

    /// <summary>What its passes went over.</summary>
    public abstract PassCount Passes(SampleItem item);

    /// <summary>Is a candidate of an item's cell: at once where it is done, else when it will be.</summary>
    public void Serve(CellRun run, bool traced, Queue<SampleResult> results)
    {
        if (!_isFinished) _users.Add(run);
        else if (run.CandidateDone()) results.Enqueue(run.Result(traced));
    }

    /// <summary>Tells the cells that it is done, and gives the results of those for which it was the last.</summary>
    public virtual void Finish(bool traced, Queue<SampleResult> results)
    {
        foreach (var run in _users)
            if (run.CandidateDone()) results.Enqueue(run.Result(traced));
        _users.Clear();
        _isFinished = true;
    }
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One response of an item, on its way or done; several cells may share it.</summary>
internal abstract class Candidate
{
    /// <summary>The cells' candidates that this one is.</summary>
    public List<CellRun> Users { get; } = [];

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

    /// <summary>Tells the cells that it is done, and gives the results of those for which it was the last.</summary>
    public virtual void Finish(bool traced, Queue<SampleResult> results)
    {
        foreach (var run in Users)
            if (run.CandidateDone()) results.Enqueue(run.Result(traced));
    }
}

using DiffusionBatch.Contracts;

namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>The one result of an item in a cell: a sample, or an error.</summary>
public sealed record SampleResult
{
    /// <summary>The item's place in the input, from 0.</summary>
    public required int ItemIndex { get; init; }

    /// <summary>The cell's place in the list of cells, from 0.</summary>
    public required int CellIndex { get; init; }

    /// <summary>The item's id.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The tokens of all N slots of the winning candidate, uncut, without the closing <c>&lt;/s&gt;</c>; empty with an error.
    /// </summary>
    public int[] Ids { get; init; } = [];

    /// <summary>The mean over the slots of the natural log-probability at which each was written; 0 for no slots.</summary>
    public double Score { get; init; }

    /// <summary>N, the number of slots.</summary>
    public int Length => Ids.Length;

    /// <summary>Forward passes that this item's trajectories need, summed over candidates, computed or shared alike.</summary>
    public int Nfe { get; init; }

    /// <summary>The passes of each candidate, which <see cref="Nfe"/> sums.</summary>
    public IReadOnlyList<PassCount> Passes { get; init; } = [];

    /// <summary>Which candidate won, from 0.</summary>
    public int Candidate { get; init; }

    /// <summary>Every candidate's steps, where <see cref="SweepOptions.Trace"/> asks for them.</summary>
    public CandidateTrace[]? Trace { get; init; }

    /// <summary>
    /// Model seconds that this result alone would have needed: shared passes count in full. A measurement, not part of what is
    /// reproducible.
    /// </summary>
    public double Seconds { get; init; }

    /// <summary>Why there's no sample, or null.</summary>
    public ItemError? Error { get; init; }
}

namespace DiffusionBatch.Pipeline.Results;

/// <summary>A cell of predictions: the files of a results subfolder, or one file.</summary>
/// <param name="Name">The subfolder's name; <c>all</c> for one file.</param>
/// <param name="Files">The files in order, by their full paths.</param>
public sealed record PredictionCell(string Name, IReadOnlyList<string> Files)
{
    /// <summary>The traces beside them, in order; empty where the job made none.</summary>
    public IReadOnlyList<string> TraceFiles { get; init; } = [];
}

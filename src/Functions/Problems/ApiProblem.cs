namespace DiffusionBatch.Functions.Problems;

/// <summary>A problem document (RFC 9457).</summary>
/// <param name="Type">What kind of problem it is: <c>urn:diffusionbatch:problem:</c> and a word.</param>
/// <param name="Title">The kind in a few words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What went wrong this time, and what to do.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail)
{
    /// <summary>Each thing that is wrong with what was handed in; null where that isn't the matter.</summary>
    public IReadOnlyList<ApiError>? Errors { get; init; }
}

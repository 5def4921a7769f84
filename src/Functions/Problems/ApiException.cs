using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Problems;

/// <summary>A request that can't be met; it becomes a problem document.</summary>
/// <param name="problem">The document.</param>
public sealed class ApiException(ApiProblem problem) : Exception(problem.Detail)
{
    /// <summary>The document.</summary>
    public ApiProblem Problem { get; } = problem;

    /// <summary>How many seconds later the same request may succeed, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The methods that the path takes, or null: the method isn't the matter.</summary>
    public IReadOnlyList<string>? Allow { get; init; }
}

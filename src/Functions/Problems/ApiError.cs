using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Functions.Problems;

/// <summary>One thing that is wrong with what was handed in.</summary>
/// <param name="File">The file that it is in: <c>manifest</c> for the request's body, or an input's path.</param>
/// <param name="Pointer">The JSON pointer of the value.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is expected and what was found.</param>
public sealed record ApiError(string File, string? Pointer, int? Line, int? Column, string Message)
{
    /// <summary>Problems as the API tells them.</summary>
    public static IReadOnlyList<ApiError> Of(IEnumerable<Problem> problems) => [.. problems.Select(p => new ApiError(p.File, p.Pointer, p.Line, p.Column, p.Message))];
}

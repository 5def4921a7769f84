namespace DiffusionBatch.Contracts;

/// <summary>
/// A problem document (RFC 9457). A type of its own, not ASP.NET Core's: clients read it without that framework, and <c>errors</c> is
/// a list of a known shape, which stands in the API's description.
/// </summary>
/// <param name="Type">What kind of problem it is: <c>urn:diffusionbatch:problem:</c> and a word.</param>
/// <param name="Title">The kind in a few words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What went wrong this time, and what to do.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail)
{
    /// <summary>Each thing that is wrong with what was handed in; null where that isn't the matter.</summary>
    public IReadOnlyList<ApiError>? Errors { get; init; }
}

/// <summary>One thing that is wrong with what was handed in.</summary>
/// <param name="File">The file that it is in: <c>manifest</c> for the request's body, or an input's path.</param>
/// <param name="Pointer">The JSON pointer of the value.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is expected and what was found.</param>
public sealed record ApiError(string File, string? Pointer, int? Line, int? Column, string Message);

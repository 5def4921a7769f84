using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Problems;

/// <summary>Problems as the OpenAI-shaped door tells them: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiProblem
{
    /// <summary>Whether a request came to that door.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>The answer to a refused request.</summary>
    public static IResult Of(ApiException refused)
    {
        ApiProblem problem = refused.Problem;
        bool server = problem.Status >= StatusCodes.Status500InternalServerError;
        var error = refused.OpenAi ?? new OpenAiErrorBody(
            problem.Detail, server ? OpenAiErrorBody.Server : OpenAiErrorBody.InvalidRequest, refused.Parameter, Word(problem.Type));
        return Results.Json(new OpenAiError(error), OpenAiJson.Default.OpenAiError, "application/json", problem.Status);
    }

    // The last word of the type's URI.
    static string Word(string type) => type[(type.LastIndexOf(':') + 1)..].Replace('-', '_');
}

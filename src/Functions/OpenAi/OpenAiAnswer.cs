using System.Text.Json.Serialization.Metadata;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.OpenAi;

/// <summary>Answers of the OpenAI-shaped door, and the pages of its lists.</summary>
internal static class OpenAiAnswer
{
    /// <summary>A document.</summary>
    public static IResult Of<T>(T value) =>
        Results.Json(value, (JsonTypeInfo<T>)OpenAiJson.Default.GetTypeInfo(typeof(T))!, "application/json");

    /// <summary>Which page a request asks for: <c>limit</c>, <c>after</c> and <c>order</c>.</summary>
    /// <exception cref="RequestRefusedException">It can't be.</exception>
    public static PageRequest Page(HttpRequest request, int most, int usual)
    {
        bool oldest = Query.Text(request, "order") switch
        {
            null or "desc" => false,
            "asc" => true,
            var order => throw new RequestRefusedException($"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'.", "order",
                "invalid_value"),
        };
        return new PageRequest(Query.Text(request, "after"), Query.Number(request, "limit", 1, most, usual), oldest);
    }
}

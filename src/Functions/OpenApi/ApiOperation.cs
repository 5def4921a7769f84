using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>An operation of the API.</summary>
/// <param name="Method">Its method in lower case.</param>
/// <param name="Path">Its path, parameters in braces.</param>
/// <param name="Id">Its id: the function's name.</param>
/// <param name="Summary">What it does.</param>
internal sealed record ApiOperation(string Method, string Path, string Id, string Summary)
{
    /// <summary>Its parameters.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The media types of its body; none: it has no body.</summary>
    public IReadOnlyList<string> Bodies { get; init; } = [];

    /// <summary>Its answers, problems left out.</summary>
    public IReadOnlyList<ApiAnswer> Answers { get; init; } = [];

    /// <summary>The problems that it answers with: the status and when.</summary>
    public IReadOnlyList<(int Status, string When)> Problems { get; init; } = [];

    /// <summary>Whether it takes no access key.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The operation as OpenAPI has it.</summary>
    public JsonObject ToJson()
    {
        var answers = new JsonObject();
        foreach (ApiAnswer answer in Answers) answers[$"{answer.Status}"] = answer.ToJson();
        IEnumerable<(int, string)> problems = IsOpen ? Problems : Problems.Append((401, "The access key is missing or wrong."));
        foreach (var (status, when) in problems.OrderBy(p => p.Item1)) answers[$"{status}"] = new ApiAnswer(status, when) { Body = typeof(ApiProblem), Media = "application/problem+json" }.ToJson();
        var operation = new JsonObject { ["operationId"] = Id, ["summary"] = Summary, ["tags"] = new JsonArray(Path.Split('/')[1]) };
        if (Parameters.Count > 0) operation["parameters"] = new JsonArray([.. Parameters.Select(p => p.ToJson())]);
        if (Bodies.Count > 0) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content() };
        operation["responses"] = answers;
        if (IsOpen) operation["security"] = new JsonArray();
        return operation;
    }

    JsonObject Content()
    {
        var content = new JsonObject();
        foreach (string media in Bodies)
            content[media] = new JsonObject { ["schema"] = media == "application/octet-stream" ? new JsonObject() : new JsonObject { ["$ref"] = "#/components/schemas/Manifest" } };
        return content;
    }
}

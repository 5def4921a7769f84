using System.Text.Json.Nodes;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>An answer of an operation.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Description">When it is given.</param>
internal sealed record ApiAnswer(int Status, string Description)
{
    /// <summary>The type that its body is, or null: none, or no JSON.</summary>
    public Type? Body { get; init; }

    /// <summary>Its media type, where it has a body.</summary>
    public string? Media { get; init; }

    /// <summary>The answer as OpenAPI has it.</summary>
    public JsonObject ToJson()
    {
        var answer = new JsonObject { ["description"] = Description };
        string? media = Media ?? (Body is null ? null : "application/json");
        if (media is not null)
        {
            JsonObject schema = Body is null ? media == "application/octet-stream" ? [] : new JsonObject { ["type"] = "string" } : new JsonObject { ["$ref"] = "#/components/schemas/" + ApiSchemas.NameOf(Body) };
            answer["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } };
        }
        return answer;
    }
}

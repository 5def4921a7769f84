using System.Text.Json.Nodes;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>A parameter of an operation.</summary>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
internal sealed record ApiParameter(string In, string Name, string Description)
{
    /// <summary>Its JSON type.</summary>
    public string Type { get; init; } = "string";

    /// <summary>Its format, or null.</summary>
    public string? Format { get; init; }

    /// <summary>Its values, or null: any.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The parameter as OpenAPI has it.</summary>
    public JsonObject ToJson()
    {
        var schema = new JsonObject { ["type"] = Type };
        if (Format is not null) schema["format"] = Format;
        if (Values is not null) schema["enum"] = new JsonArray([.. Values.Select(v => (JsonNode)v)]);
        return new JsonObject { ["name"] = Name, ["in"] = In, ["required"] = In == "path", ["description"] = Description, ["schema"] = schema };
    }
}

using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Functions.OpenApi;

/// <summary>An operation of the API.</summary>
/// <param name="Method">Its method in lower case.</param>
/// <param name="Path">Its path under <c>/api</c>, or under <c>/v1</c>; parameters in braces.</param>
/// <param name="Id">Its id: the function's name.</param>
/// <param name="Summary">What it does.</param>
internal sealed record ApiOperation(string Method, string Path, string Id, string Summary)
{
    /// <summary>Its parameters.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The media types of its body; none: it has no body.</summary>
    public IReadOnlyList<string> Bodies { get; init; } = [];

    /// <summary>The type that its JSON body is; null: a manifest, or a file.</summary>
    public Type? Body { get; init; }

    /// <summary>Its answers, problems left out.</summary>
    public IReadOnlyList<ApiAnswer> Answers { get; init; } = [];

    /// <summary>The problems that it answers with: the status and when.</summary>
    public IReadOnlyList<(int Status, string When)> Problems { get; init; } = [];

    /// <summary>Whether it takes no access key.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What a caller must be allowed to: to look, or, where something may change by it, to submit.</summary>
    public KeyRole Role
    {
        get => _role ?? (Method == "get" ? KeyRole.Read : KeyRole.Submit);
        init => _role = value;
    }

    readonly KeyRole? _role;

    /// <summary>Whether it is one of the OpenAI-shaped door, which has its own form of errors and keys.</summary>
    public bool IsOpenAi => Path.StartsWith("/v1/", StringComparison.Ordinal);

    /// <summary>Its whole path.</summary>
    public string FullPath => IsOpenAi ? Path : "/api" + Path;

    /// <summary>The operation as OpenAPI has it.</summary>
    public JsonObject ToJson()
    {
        var answers = new JsonObject();
        foreach (ApiAnswer answer in Answers) answers[$"{answer.Status}"] = answer.ToJson();
        IEnumerable<(int, string)> problems = IsOpen ? Problems : Problems.Append((401, "The access key is missing or wrong."))
            .Append((403, $"The key's role may not; it must be {Needed()}."));
        foreach (var (status, when) in problems.OrderBy(p => p.Item1))
            answers[$"{status}"] = new ApiAnswer(status, when)
            {
                Body = IsOpenAi ? typeof(OpenAiError) : typeof(ApiProblem),
                Media = IsOpenAi ? "application/json" : "application/problem+json"
            }.ToJson();
        var operation = new JsonObject
        {
            ["operationId"] = Id,
            ["summary"] = Summary,
            ["tags"] = new JsonArray(IsOpenAi ? "openai" : Path.Split('/')[1])
        };
        if (Parameters.Count > 0) operation["parameters"] = new JsonArray([.. Parameters.Select(p => p.ToJson())]);
        if (Bodies.Count > 0) operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content() };
        operation["responses"] = answers;
        if (IsOpen) operation["security"] = new JsonArray();
        else if (IsOpenAi) operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
        return operation;
    }

    string Needed() => Role switch { KeyRole.Admin => "admin", KeyRole.Submit => "submit or admin", _ => "read, submit or admin" };

    JsonObject Content()
    {
        var content = new JsonObject();
        foreach (string media in Bodies)
            content[media] = new JsonObject
            {
                ["schema"] = media is "application/octet-stream" or "multipart/form-data" ? new JsonObject()
                    : new JsonObject { ["$ref"] = "#/components/schemas/" + (Body is null ? "Manifest" : ApiSchemas.NameOf(Body)) },
            };
        return content;
    }
}

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
        return new JsonObject
        {
            ["name"] = Name,
            ["in"] = In,
            ["required"] = In == "path",
            ["description"] = Description,
            ["schema"] = schema,
        };
    }
}

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
            JsonObject schema = Body is not null ? new JsonObject { ["$ref"] = "#/components/schemas/" + ApiSchemas.NameOf(Body) }
                : media == "application/octet-stream" ? [] : new JsonObject { ["type"] = "string" };
            answer["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } };
        }
        return answer;
    }
}

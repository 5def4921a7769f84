using System.Text.Json;
using System.Text.Unicode;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>One line of a batch's file: <c>{"custom_id","method":"POST","url","body"}</c>.</summary>
/// <param name="CustomId">The caller's name of it.</param>
/// <param name="Model">The model that it names.</param>
/// <param name="Body">What it asks, or null: it is refused.</param>
/// <param name="Refusal">Why it is refused, or null.</param>
internal sealed record RequestLine(string CustomId, ModelView Model, RequestBody? Body, RequestRefusal? Refusal)
{
    static readonly HashSet<string> s_fields = ["custom_id", "method", "url", "body"];

    /// <summary>
    /// Reads a line. What makes it no request of this batch is an error of the file, as the API has it; what its request asks for and
    /// can't get is the request's own.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="endpoint">The batch's endpoint.</param>
    /// <param name="models">The models by their names.</param>
    /// <param name="errors">Takes what is wrong with the file.</param>
    /// <returns>The line; null where it added an error.</returns>
    public static RequestLine? Read(
        ReadOnlySpan<byte> line, long number, string endpoint, IReadOnlyDictionary<string, ModelView> models,
        ICollection<BatchErrorItem> errors)
    {
        if (!Utf8.IsValid(line)) return Refuse("invalid_json_line", "This line is not valid UTF-8.", null);
        JsonElement request;
        try
        {
            var reader = new Utf8JsonReader(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            request = document.RootElement.Clone();
            if (reader.Read()) throw new JsonException("something follows the object");
            // Strings are read here once, so that half surrogate pairs, which no text can hold, come to light.
            if (request.ValueKind == JsonValueKind.Object) JsonSerializer.Serialize(request);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return Refuse("invalid_json_line", "This line is not parseable as valid JSON.", null);
        }
        if (request.ValueKind != JsonValueKind.Object) return Refuse("invalid_json_line", "This line is not a JSON object.", null);
        string? id = Text("custom_id"), method = Text("method"), url = Text("url");
        if (string.IsNullOrEmpty(id))
            return Refuse("missing_required_parameter", "Missing required parameter: 'custom_id', a string that isn't empty.", "custom_id");
        if (method != "POST")
            return Refuse("invalid_method", $"Invalid value for 'method': expected 'POST', found {Quoted(method)}.", "method");
        if (url != endpoint) return Refuse("mismatched_endpoint",
            $"The URL {Quoted(url)} of this request does not match the batch's endpoint '{endpoint}'.", "url");
        if (request.EnumerateObject().FirstOrDefault(f => !s_fields.Contains(f.Name))
            is { Value.ValueKind: not JsonValueKind.Undefined } stranger)
            return Refuse("unknown_parameter", $"Unrecognized field of a batch's line: '{stranger.Name}'.", stranger.Name);
        if (!request.TryGetProperty("body", out JsonElement body) || body.ValueKind != JsonValueKind.Object)
            return Refuse("missing_required_parameter", "Missing required parameter: 'body', an object.", "body");
        if (!body.TryGetProperty("model", out JsonElement named) || named.ValueKind != JsonValueKind.String)
            return Refuse("missing_required_parameter", "Missing required parameter: 'body.model', a string.", "body.model");
        if (!models.TryGetValue(named.GetString()!, out ModelView? model))
            return Refuse("model_not_found", $"The model '{named.GetString()}' does not exist; GET /v1/models lists those that do.",
                "body.model");
        try
        {
            return new RequestLine(id, model, RequestBody.Read(body, endpoint == Endpoints.Chat, model), null);
        }
        catch (RequestRefusedException e)
        {
            return new RequestLine(id, model, null, e.Refusal);
        }

        string? Text(string name) => request.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

        RequestLine? Refuse(string code, string message, string? param)
        {
            errors.Add(new BatchErrorItem(code, message, param, number));
            return null;
        }
    }

    static string Quoted(string? text) => text is null ? "nothing" : $"'{text}'";
}

/// <summary>What the requests of a batch can ask.</summary>
public static class Endpoints
{
    /// <summary>Answers to chats.</summary>
    public const string Chat = "/v1/chat/completions";

    /// <summary>What follows texts.</summary>
    public const string Completions = "/v1/completions";
}

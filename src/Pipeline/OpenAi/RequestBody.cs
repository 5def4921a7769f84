using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Models;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>What a request asks of a model: the prompt, how long an answer and how many, and how it is sampled.</summary>
internal sealed record RequestBody
{
    // The most choices of one request, as that API has it.
    const int MostChoices = 128;

    // The highest temperature, as that API has it.
    const double Hottest = 2;

    const long MaxSeed = 9007199254740991;

    static readonly HashSet<string> s_read =
        ["model", "messages", "prompt", "max_tokens", "max_completion_tokens", "temperature", "top_p", "seed", "n", "diffusion"];

    /// <summary>The prompt as a text, or null.</summary>
    public string? Prompt { get; private set; }

    /// <summary>The prompt as token ids, or null.</summary>
    public int[]? PromptIds { get; private set; }

    /// <summary>The answer's number of tokens, or null: the sampler decides.</summary>
    public int? MaxTokens { get; private set; }

    /// <summary>How many answers.</summary>
    public int Choices { get; private set; } = 1;

    /// <summary>The seed of the first answer; each further one has the next.</summary>
    public long Seed { get; private set; } = 1;

    /// <summary>The sampler, as a manifest has it.</summary>
    public JsonObject Sampler { get; private set; } = [];

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body, an object.</param>
    /// <param name="chat">Whether it holds <c>messages</c>, else <c>prompt</c>.</param>
    /// <param name="model">The model that it names.</param>
    /// <exception cref="RequestRefusedException">It asks for what can't be given.</exception>
    public static RequestBody Read(JsonElement body, bool chat, ModelView model)
    {
        string other = chat ? "prompt" : "messages";
        foreach (JsonProperty field in body.EnumerateObject())
        {
            if (field.Name == other)
                throw new RequestRefusedException($"Unrecognized request argument supplied: {other}", other, "unknown_parameter");
            if (!s_read.Contains(field.Name) && RequestFields.Check(field) is { } refusal) throw new RequestRefusedException(refusal);
        }
        var request = new RequestBody();
        if (chat) request.Prompt = ChatMessages.Render(body, model.Template);
        else request.ReadPrompt(body);
        request.MaxTokens = Length(body);
        request.Choices = (int)(Whole(body, "n", 1, MostChoices) ?? 1);
        request.Seed = Whole(body, "seed", 0, MaxSeed) ?? 1;
        request.ReadSampler(body, model);
        return request;
    }

    void ReadPrompt(JsonElement body)
    {
        if (!body.TryGetProperty("prompt", out JsonElement prompt) || prompt.ValueKind == JsonValueKind.Null)
            throw new RequestRefusedException("Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter");
        // A list of one text or of one list of ids is that text or list.
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1 && prompt[0].ValueKind != JsonValueKind.Number)
            prompt = prompt[0];
        if (prompt.ValueKind == JsonValueKind.String)
        {
            Prompt = prompt.GetString();
            return;
        }
        if (prompt.ValueKind != JsonValueKind.Array || prompt.GetArrayLength() == 0)
            throw new RequestRefusedException("Invalid type for 'prompt': expected a string or an array of token ids.", "prompt",
                "invalid_type");
        if (prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
            throw new RequestRefusedException("Invalid value for 'prompt': one prompt a request is supported; write a request for each.",
                "prompt", "unsupported_value");
        PromptIds = [.. prompt.EnumerateArray()
            .Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int token) && token >= 0
            ? token : throw new RequestRefusedException("Invalid type for 'prompt': expected token ids, whole numbers from 0.", "prompt",
                "invalid_type"))];
    }

    static int? Length(JsonElement body)
    {
        const string Name = "max_completion_tokens", Old = "max_tokens";
        long? length = Whole(body, Name, 1, int.MaxValue), old = Whole(body, Old, 1, int.MaxValue);
        if (length is not null && old is not null && length != old)
            throw new RequestRefusedException($"'{Old}' and '{Name}' are both given and differ; give one.", Old, "invalid_value");
        return (int?)(length ?? old);
    }

    // A preset of the request's own begins with its own defaults: the model's may not go with it. Where lengths come from stays.
    void ReadSampler(JsonElement body, ModelView model)
    {
        JsonObject? given = null;
        if (body.TryGetProperty("diffusion", out JsonElement diffusion) && diffusion.ValueKind != JsonValueKind.Null)
            given = diffusion.ValueKind == JsonValueKind.Object ? JsonObject.Create(diffusion)
                : throw new RequestRefusedException("Invalid type for 'diffusion': expected an object of sampler settings.", "diffusion",
                    "invalid_type");
        string? preset = given?["preset"]?.ToString(), usual = model.Sampler?["preset"]?.ToString();
        foreach (var (name, value) in model.Sampler ?? [])
            if (preset is null || preset == usual || name == "length") Sampler[name] = value?.DeepClone();
        foreach (var (name, value) in given ?? []) Sampler[name] = value?.DeepClone();
        Set(body, "temperature", "temperature", 0, Hottest, given);
        Set(body, "top_p", "topP", 0, 1, given);
    }

    void Set(JsonElement body, string name, string field, double low, double high, JsonObject? given)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind != JsonValueKind.Number || value.GetDouble() is var number && !(number >= low && number <= high))
            throw new RequestRefusedException(
                FormattableString.Invariant($"Invalid value for '{name}': expected a number from {low} to {high}."), name, "invalid_value");
        // All tokens are what every sampler takes by itself.
        if (field == "topP" && number == 1 && given?[field] is null) return;
        if (given?[field] is JsonValue other && !(other.TryGetValue(out double same) && same == number))
            throw new RequestRefusedException($"'{name}' and 'diffusion.{field}' are both given and differ; give one.", name,
                "invalid_value");
        Sampler[field] = JsonNode.Parse(value.GetRawText());
    }

    static long? Whole(JsonElement body, string name, long low, long high)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
            throw new RequestRefusedException($"Invalid type for '{name}': expected a whole number.", name, "invalid_type");
        return number >= low && number <= high ? number
            : throw new RequestRefusedException(
                FormattableString.Invariant($"Invalid value for '{name}': expected a whole number from {low} to {high}, found {number}."),
                name, "invalid_value");
    }
}

using System.Text.Json;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>
/// What may stand in a request's body beside what the sampler can mean: labels, and values that ask for nothing. Anything else is
/// refused by its name: a request that is only half meant is answered wrongly.
/// </summary>
internal static class RequestFields
{
    static readonly HashSet<string> s_labels = ["user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "metadata",
        "parallel_tool_calls"];

    // The values with which each field asks for nothing; null does so everywhere.
    static readonly Dictionary<string, string[]> s_neutral = new(StringComparer.Ordinal)
    {
        ["stream"] = ["false"],
        ["stream_options"] = [],
        ["tools"] = ["[]"],
        ["tool_choice"] = ["\"none\"", "\"auto\""],
        ["functions"] = ["[]"],
        ["function_call"] = ["\"none\"", "\"auto\""],
        ["response_format"] = ["{\"type\":\"text\"}"],
        ["logprobs"] = ["false"],
        ["top_logprobs"] = ["0"],
        ["presence_penalty"] = ["0", "0.0"],
        ["frequency_penalty"] = ["0", "0.0"],
        ["logit_bias"] = ["{}"],
        ["stop"] = ["[]"],
        ["modalities"] = ["[\"text\"]"],
        ["audio"] = [],
        ["prediction"] = [],
        ["reasoning_effort"] = ["\"none\""],
        ["verbosity"] = ["\"medium\""],
        ["web_search_options"] = [],
        ["service_tier"] = ["\"auto\"", "\"default\""],
        ["store"] = ["false"],
        ["best_of"] = ["1"],
        ["echo"] = ["false"],
        ["suffix"] = ["\"\""],
    };

    /// <summary>Why a field that nothing else reads can't stand in a body; null where it can.</summary>
    public static RequestRefusal? Check(JsonProperty field)
    {
        if (s_labels.Contains(field.Name) || field.Value.ValueKind == JsonValueKind.Null) return null;
        if (!s_neutral.TryGetValue(field.Name, out string[]? neutral))
            return RequestRefusal.Invalid($"Unrecognized request argument supplied: {field.Name}", field.Name, "unknown_parameter");
        if (neutral.Contains(JsonSerializer.Serialize(field.Value))) return null;
        return RequestRefusal.Invalid(
            $"Unsupported parameter: '{field.Name}' isn't supported by diffusion language models here"
                + (neutral.Length > 0 ? $"; the value that asks for nothing, {neutral[0]}, is." : "."),
            field.Name, "unsupported_parameter");
    }
}

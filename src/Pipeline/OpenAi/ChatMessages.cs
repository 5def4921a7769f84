using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Models;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>Reads the messages of a chat.</summary>
internal static class ChatMessages
{
    /// <summary>The prompt that a body's messages are by a model's template.</summary>
    /// <exception cref="RequestRefusedException">They aren't texts of known roles.</exception>
    public static string Render(JsonElement body, ChatTemplateView? template)
    {
        if (!body.TryGetProperty("messages", out JsonElement list) || list.ValueKind == JsonValueKind.Null)
            throw new RequestRefusedException("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        if (list.ValueKind != JsonValueKind.Array)
            throw new RequestRefusedException("Invalid type for 'messages': expected an array of objects.", "messages", "invalid_type");
        if (list.GetArrayLength() == 0)
            throw new RequestRefusedException("Invalid 'messages': empty array. Expected an array with minimum length 1.", "messages",
                "empty_array");
        return ChatTemplate.Render(template, [.. list.EnumerateArray().Select(Message)]);
    }

    static (string Role, string Text) Message(JsonElement message, int index)
    {
        string at = string.Create(CultureInfo.InvariantCulture, $"messages[{index}]");
        if (message.ValueKind != JsonValueKind.Object)
            throw new RequestRefusedException($"Invalid type for '{at}': expected an object.", at, "invalid_type");
        string? role = message.TryGetProperty("role", out JsonElement named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()
            : null;
        string known = role switch
        {
            "system" or "developer" => "system",
            "user" or "assistant" => role,
            null => throw new RequestRefusedException($"Missing required parameter: '{at}.role'.", $"{at}.role",
                "missing_required_parameter"),
            _ => throw new RequestRefusedException(
                $"Invalid value: '{role}'. Supported values are: 'system', 'developer', 'user' and 'assistant'.", $"{at}.role",
                "invalid_value"),
        };
        foreach (JsonProperty field in message.EnumerateObject())
        {
            bool nothing = field.Value.ValueKind == JsonValueKind.Null
                || field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() == 0;
            if (field.Name is not ("role" or "content" or "name") && !nothing)
                throw new RequestRefusedException($"Unsupported parameter: '{at}.{field.Name}': messages are texts.", $"{at}.{field.Name}",
                    "unsupported_parameter");
        }
        return (known, Text(message, at));
    }

    // A text, or a list of parts that are texts.
    static string Text(JsonElement message, string at)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
            throw new RequestRefusedException($"Missing required parameter: '{at}.content'.", $"{at}.content",
                "missing_required_parameter");
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            throw new RequestRefusedException($"Invalid type for '{at}.content': expected a string or an array of parts.", $"{at}.content",
                "invalid_type");
        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out JsonElement type) || type.ToString() != "text"
                || !part.TryGetProperty("text", out JsonElement value) || value.ValueKind != JsonValueKind.String)
            {
                throw new RequestRefusedException($"Invalid value for '{at}.content': parts of the type 'text' are supported.",
                    $"{at}.content", "unsupported_value");
            }
            text.Append(value.GetString());
        }
        return text.ToString();
    }
}

using System.Text.Json;
using DiffusionBatch.LocalHost.Protocol;

namespace DiffusionBatch.LocalHost.Functions;

/// <summary>A function of the app, as its worker describes it.</summary>
/// <param name="Name">Its name, unique but for case.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="IsDisabled">Whether a setting switches it off.</param>
internal sealed record FunctionEntry(string Name, Trigger Trigger, bool IsDisabled)
{
    /// <summary>Reads what the worker tells of a function.</summary>
    /// <param name="metadata">The worker's description.</param>
    /// <param name="settings">The app's settings.</param>
    /// <exception cref="FunctionsHostException">It has no trigger or a binding that this host doesn't play.</exception>
    public static FunctionEntry Of(RpcFunctionMetadata metadata, AppSettings settings)
    {
        bool disabled = settings.IsDisabled(metadata.Name);
        Trigger? trigger = null;
        foreach (string text in metadata.RawBindings)
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement binding = document.RootElement;
            string type = Text(binding, "type") ?? "";
            if (Trigger.Of(binding, type, metadata.Name) is { } known) trigger = known;
            // The result of an HTTP function goes over HTTP.
            else if (!type.Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                throw new FunctionsHostException(
                    $"The function '{metadata.Name}' has the binding \"{type}\", and this host plays httpTrigger, timerTrigger and "
                        + $"queueTrigger alone; run the app with 'func start', or build it without the function.");
            }
        }
        return trigger is null
            ? throw new FunctionsHostException($"The function '{metadata.Name}' has no trigger.")
            : new FunctionEntry(metadata.Name, trigger, disabled);
    }

    /// <summary>A binding as the worker wants it when the function is loaded.</summary>
    public static BindingInfo Info(string rawBinding, out string name)
    {
        using JsonDocument document = JsonDocument.Parse(rawBinding);
        JsonElement binding = document.RootElement;
        name = Text(binding, "name") ?? "";
        return new BindingInfo
        {
            Type = Text(binding, "type") ?? "",
            Direction = Text(binding, "direction")?.ToUpperInvariant() switch { "OUT" => 1, "INOUT" => 2, _ => 0 },
            DataType = Text(binding, "dataType")?.ToUpperInvariant() switch { "STRING" => 1, "BINARY" => 2, "STREAM" => 3, _ => 0 },
        };
    }

    /// <summary>A text member of a binding, whatever the case of its name; null where there is none.</summary>
    public static string? Text(JsonElement binding, string name) =>
        Member(binding, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A member of a binding, whatever the case of its name; null where there is none.</summary>
    public static JsonElement? Member(JsonElement binding, string name)
    {
        foreach (JsonProperty member in binding.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }
}

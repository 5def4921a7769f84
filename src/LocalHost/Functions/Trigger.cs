using System.Text.Json;

namespace DiffusionBatch.LocalHost.Functions;

/// <summary>What starts a function.</summary>
/// <param name="Parameter">The parameter that takes what it brings.</param>
internal abstract record Trigger(string Parameter)
{
    /// <summary>Reads a binding; null where it is no trigger that is known here.</summary>
    /// <exception cref="FunctionsHostException">Something that it needs is missing.</exception>
    public static Trigger? Of(JsonElement binding, string type, string function)
    {
        string parameter = FunctionEntry.Text(binding, "name") ?? "";
        return type.ToUpperInvariant() switch
        {
            "HTTPTRIGGER" => new HttpTrigger(
                parameter, Level(FunctionEntry.Text(binding, "authLevel"), function), Methods(binding),
                FunctionEntry.Text(binding, "route") is { Length: > 0 } route ? route : function),
            "TIMERTRIGGER" => new TimerTrigger(parameter, Need("schedule"), Flag("runOnStartup") ?? false, Flag("useMonitor")),
            "QUEUETRIGGER" => new QueueTrigger(
                parameter, Need("queueName"),
                FunctionEntry.Text(binding, "connection") is { Length: > 0 } connection ? connection : "AzureWebJobsStorage"),
            _ => null,
        };

        string Need(string name) =>
            FunctionEntry.Text(binding, name) ?? throw new FunctionsHostException(
                $"The trigger of the function '{function}' says no {name}.");

        bool? Flag(string name) =>
            FunctionEntry.Member(binding, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null;
    }

    static AccessLevel Level(string? text, string function) => text is null ? AccessLevel.Function
        : Enum.TryParse(text, ignoreCase: true, out AccessLevel level) ? level
        : throw new FunctionsHostException(
            $"The function '{function}' has the authorization level "
                + $"\"{text}\"; there are {string.Join(", ", Enum.GetNames<AccessLevel>())}.");

    static IReadOnlyList<string>? Methods(JsonElement binding) =>
        FunctionEntry.Member(binding, "methods") is { ValueKind: JsonValueKind.Array } methods && methods.GetArrayLength() > 0
            ? [.. methods.EnumerateArray().Select(m => m.GetString()!)]
            : null;
}

/// <summary>A request starts it.</summary>
/// <param name="Parameter">The parameter that takes it.</param>
/// <param name="Level">Who may.</param>
/// <param name="Methods">The methods that it takes; null: all.</param>
/// <param name="Route">Its route behind the prefix.</param>
internal sealed record HttpTrigger(string Parameter, AccessLevel Level, IReadOnlyList<string>? Methods, string Route) : Trigger(Parameter);

/// <summary>The clock starts it.</summary>
/// <param name="Parameter">The parameter that takes the timer's state.</param>
/// <param name="Schedule">When, as it is written: an expression, an interval, or <c>%SETTING%</c>.</param>
/// <param name="RunOnStartup">Whether also when the host starts.</param>
/// <param name="UseMonitor">Whether missed times are made up for; null: where the schedule's times are a minute or more apart.</param>
internal sealed record TimerTrigger(string Parameter, string Schedule, bool RunOnStartup, bool? UseMonitor) : Trigger(Parameter);

/// <summary>A message starts it.</summary>
/// <param name="Parameter">The parameter that takes its body.</param>
/// <param name="Queue">The queue's name, perhaps with <c>%SETTING%</c>.</param>
/// <param name="Connection">The setting that says where the queue is.</param>
internal sealed record QueueTrigger(string Parameter, string Queue, string Connection) : Trigger(Parameter);

/// <summary>Who may send a request: everybody, holders of a function's key, of a system key, of the master key.</summary>
internal enum AccessLevel
{
    /// <summary>Everybody.</summary>
    Anonymous,

    /// <summary>Who is logged in; no key opens it but the master key.</summary>
    User,

    /// <summary>Holders of a function key.</summary>
    Function,

    /// <summary>Extensions; the master key opens it.</summary>
    System,

    /// <summary>Holders of the master key.</summary>
    Admin,
}

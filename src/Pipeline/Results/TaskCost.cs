using System.Text.Json;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a task tells the end of its job beside its counts, kept in its index row.</summary>
internal sealed record TaskCost
{
    static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What its part took in each cell; empty for a task without cells.</summary>
    public IReadOnlyList<CellTaskCost> Cells { get; init; } = [];

    /// <summary>Seconds that the device worked on it.</summary>
    public double Seconds { get; init; }

    /// <summary>The most memory that its process had held, in bytes, or null.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>What computed it (<c>IJobTasks.Kernels</c>), or null.</summary>
    public string? Kernels { get; init; }

    /// <summary>The items' counts of a task without cells, or null.</summary>
    public ItemCounts? Items { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The costs of halves, in the order of their items, as that of the task that was split into them.</summary>
    public static TaskCost Sum(IReadOnlyList<TaskCost> halves) => new()
    {
        Cells = [.. Enumerable.Range(0, halves.Max(h => h.Cells.Count))
            .Select(cell => CellTaskCost.Sum([.. halves.Select(h => h.Cells[cell])]))],
        Seconds = halves.Sum(h => h.Seconds),
        PeakMemory = halves.Max(h => h.PeakMemory),
        Kernels = halves[0].Kernels,
    };

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads what <see cref="ToJson"/> wrote; an empty cost where there is none.</summary>
    public static TaskCost Parse(string? json) => json is null ? new TaskCost() : JsonSerializer.Deserialize<TaskCost>(json, s_json)!;
}

/// <summary>What a task's part took in a cell.</summary>
/// <param name="Nfe">Forward passes.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Took">Times and operations; null where they aren't known.</param>
internal sealed record CellTaskCost(long Nfe, long Tokens, PartCost? Took)
{
    /// <summary>How far its verified items agree with exact ones; null where none are verified.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>The cost of several parts as that of one; what isn't known of one isn't known of all.</summary>
    public static CellTaskCost Sum(IReadOnlyList<CellTaskCost> parts) => new(
        parts.Sum(p => p.Nfe), parts.Sum(p => p.Tokens), parts.All(p => p.Took is not null)
            ? PartCost.Merge([.. parts.Select(p => p.Took!)])
            : null)
    {
        Agreement = Agreement.Sum(parts.Select(p => p.Agreement)),
    };
}

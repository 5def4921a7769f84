using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>How far a job is, summed over its tasks (over its jobs' tasks for a pipeline).</summary>
public sealed record JobFigures
{
    /// <summary>The tasks as planned by state; states without tasks are left out. Halves of split tasks aren't counted.</summary>
    public required IReadOnlyDictionary<TaskState, long> Tasks { get; init; }

    /// <summary>Units done.</summary>
    public required long Done { get; init; }

    /// <summary>Units in all, as far as they are known; 0 before planning.</summary>
    public required long Total { get; init; }

    /// <summary>What is counted, in the plural, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>What the newest running task does, or null.</summary>
    public string? Phase { get; init; }

    /// <summary>Items with results only, in finished tasks.</summary>
    public required long ItemsSucceeded { get; init; }

    /// <summary>Items with errors, in finished tasks.</summary>
    public required long ItemsErrored { get; init; }

    /// <summary>Live figures of the newest running task, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Units a second since work on the tasks began, or null where nothing is done yet.</summary>
    public double? Rate { get; init; }
}

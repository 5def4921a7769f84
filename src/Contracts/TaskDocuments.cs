namespace DiffusionBatch.Contracts;

/// <summary>A page of a job's tasks, by number.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record TaskListView(IReadOnlyList<TaskView> Tasks, string? Next);

/// <summary>A task of a job: the part of its work that one worker takes at a time.</summary>
/// <param name="Task">Its number in the job, from 0.</param>
/// <param name="State">Its state.</param>
/// <param name="FirstItem">Its first item's place in the input, from 0.</param>
/// <param name="ItemCount">The number of its items; 0 for a job that isn't cut by items.</param>
/// <param name="Attempts">Its claims by workers, the first first.</param>
public sealed record TaskView(int Task, TaskState State, long FirstItem, long ItemCount, IReadOnlyList<AttemptView> Attempts)
{
    /// <summary>The task that was split into this one and others.</summary>
    public int? Parent { get; init; }

    /// <summary>The worker that holds it.</summary>
    public string? Worker { get; init; }

    /// <summary>What it does at present.</summary>
    public string? Phase { get; init; }

    /// <summary>Units done.</summary>
    public long Done { get; init; }

    /// <summary>Units in all, or 0.</summary>
    public long Total { get; init; }

    /// <summary>What is counted, in the plural.</summary>
    public string? Unit { get; init; }

    /// <summary>Its items with results only, once it is done.</summary>
    public long Succeeded { get; init; }

    /// <summary>Its items with errors, once it is done.</summary>
    public long Errored { get; init; }

    /// <summary>The last failure.</summary>
    public string? Error { get; init; }

    /// <summary>When it was first claimed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A claim of a task by a worker.</summary>
/// <param name="Number">Its number, from 1: the fencing token.</param>
/// <param name="Worker">The worker.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; absent while it goes on.</param>
/// <param name="Outcome">How it ended: completed, givenBack, failed, stopped, lapsed, split or poisoned.</param>
/// <param name="Error">What failed.</param>
public sealed record AttemptView(int Number, string Worker, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome,
    string? Error);

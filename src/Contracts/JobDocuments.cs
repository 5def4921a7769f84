namespace DiffusionBatch.Contracts;

/// <summary>What a manifest asks for.</summary>
public enum JobKind
{
    /// <summary>Adapts a model to pairs of texts, or trains a new one.</summary>
    Finetune,

    /// <summary>Generates a text for each line of an input file, at one or many sampler settings.</summary>
    Sample,

    /// <summary>Scores predictions against references.</summary>
    Evaluate,

    /// <summary>Several jobs, run in the order in which they need each other.</summary>
    Pipeline,
}

/// <summary>How urgent a job's tasks are; each has its own queue.</summary>
public enum JobPriority
{
    /// <summary>Before all others.</summary>
    High,

    /// <summary>The usual.</summary>
    Normal,

    /// <summary>When nothing else is waiting.</summary>
    Low,
}

/// <summary>The states of a task.</summary>
public enum TaskState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker holds it, or held it and is gone: see its lease.</summary>
    Running,

    /// <summary>Finished; its files are there.</summary>
    Completed,

    /// <summary>Waits for the tasks that it was split into; then it is queued again, to be put together from theirs.</summary>
    Split,

    /// <summary>Given up; it is on the poison list. As far as others wait for it, it is done.</summary>
    Poisoned,

    /// <summary>Its job ended before it did.</summary>
    Cancelled,
}

/// <summary>A job as the API tells it.</summary>
public sealed record JobView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Its state.</summary>
    public required JobState State { get; init; }

    /// <summary>How urgent it is.</summary>
    public required JobPriority Priority { get; init; }

    /// <summary>Its output folder under the root; absent for a pipeline.</summary>
    public string? Output { get; init; }

    /// <summary>The pipeline that it is part of.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The schedule that it is a run of.</summary>
    public string? Schedule { get; init; }

    /// <summary>The time of that run.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>The ids of the jobs whose outputs it reads.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>What its output belongs to, once it is planned.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Its items, as far as they are known.</summary>
    public ItemsView? Items { get; init; }

    /// <summary>Its tasks by state; absent before planning.</summary>
    public IReadOnlyDictionary<TaskState, long>? Tasks { get; init; }

    /// <summary>How far it is; absent before work on it began.</summary>
    public JobProgressView? Progress { get; init; }

    /// <summary>How long it was expected to take, in seconds of one worker.</summary>
    public double? EstimateSeconds { get; init; }

    /// <summary>How long it took, or has taken so far, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>What was found wrong with its inputs.</summary>
    public IReadOnlyList<ApiError>? Problems { get; init; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it ends unfinished.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A pipeline's jobs, in the manifest's order.</summary>
    public IReadOnlyList<JobView>? Jobs { get; init; }
}

/// <summary>A job's items.</summary>
/// <param name="Total">In all; absent until the input was read.</param>
/// <param name="Succeeded">With results only, so far.</param>
/// <param name="Errored">With an error, so far.</param>
public sealed record ItemsView(long? Total, long Succeeded, long Errored);

/// <summary>How far a job is.</summary>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Unit">What is counted, in the plural.</param>
/// <param name="Phase">What its newest running task does.</param>
/// <param name="Rate">Units a second.</param>
/// <param name="SecondsLeft">Estimated seconds to go.</param>
/// <param name="Figures">Live figures, such as the loss.</param>
public sealed record JobProgressView(long Done, long Total, string? Unit, string? Phase, double? Rate, double? SecondsLeft,
    IReadOnlyDictionary<string, double>? Figures);

/// <summary>A page of a list of jobs, the newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">The cursor of the next page; absent at the end.</param>
public sealed record JobListView(IReadOnlyList<JobView> Jobs, string? Next);

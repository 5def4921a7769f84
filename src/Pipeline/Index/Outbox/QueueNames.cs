namespace DiffusionBatch.Pipeline.Index;

/// <summary>The queues' names.</summary>
public static class QueueNames
{
    /// <summary>Jobs to plan and to finalize.</summary>
    public const string Jobs = "dbatch-jobs";

    /// <summary>The queues of tasks, the most urgent first.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Enum.GetValues<JobPriority>().Select(Of)];

    /// <summary>The queue of a priority's tasks.</summary>
    public static string Of(JobPriority priority) => priority switch
    {
        JobPriority.High => "dbatch-tasks-high",
        JobPriority.Low => "dbatch-tasks-low",
        _ => "dbatch-tasks-normal",
    };
}

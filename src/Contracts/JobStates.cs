using System.Text.Json;

namespace DiffusionBatch.Contracts;

/// <summary>The states of a job, by the names that files, index and API use (see <see cref="JobStates.Name"/>).</summary>
public enum JobState
{
    /// <summary>Accepted, or interrupted and resumable; nothing works on it at present.</summary>
    Queued,

    /// <summary>Waits for a job whose output it reads.</summary>
    Blocked,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>Asked to stop; the process that works on it hasn't yet.</summary>
    Cancelling,

    /// <summary>Finished, each item with a result.</summary>
    Completed,

    /// <summary>Finished, with item errors below the job's threshold.</summary>
    CompletedWithErrors,

    /// <summary>Failed: by an error of the whole job, its error threshold, or a dependency that failed.</summary>
    Failed,

    /// <summary>Stopped on request; what was finished is kept.</summary>
    Cancelled,

    /// <summary>Its time ran out before it was finished.</summary>
    Expired,
}

/// <summary>The states' names in files, in the index and over HTTP: camelCase, as in <c>completedWithErrors</c>.</summary>
public static class JobStates
{
    static readonly Dictionary<JobState, string> s_names =
        Enum.GetValues<JobState>().ToDictionary(s => s, s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()));

    static readonly Dictionary<string, JobState> s_states = s_names.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    /// <summary>The state's name.</summary>
    public static string Name(this JobState state) => s_names[state];

    /// <summary>The state of that name, or null where there's none.</summary>
    public static JobState? Parse(string? name) => name is not null && s_states.TryGetValue(name, out JobState state) ? state : null;

    /// <summary>Whether the job finished with results that others may read.</summary>
    public static bool IsFinished(this JobState state) => state is JobState.Completed or JobState.CompletedWithErrors;

    /// <summary>Whether nothing more happens to the job unless it is run anew.</summary>
    public static bool IsFinal(this JobState state) =>
        state is JobState.Completed or JobState.CompletedWithErrors or JobState.Failed or JobState.Cancelled or JobState.Expired;
}

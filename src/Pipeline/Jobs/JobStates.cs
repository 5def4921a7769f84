using System.Text.Json;

namespace DiffusionBatch.Pipeline.Jobs;

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

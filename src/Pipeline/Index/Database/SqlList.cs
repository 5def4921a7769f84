using System.Globalization;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Lists as SQL text, of values that can't be anything else: numbers and states. Parameters for lists are written
/// differently in each database.
/// </summary>
internal static class SqlList
{
    /// <summary>"(1, 2)".</summary>
    public static string Of(IEnumerable<long> numbers) => $"({string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))})";

    /// <summary>"('queued', 'running')".</summary>
    public static string Of(IEnumerable<JobState> states) => $"({string.Join(", ", states.Select(s => $"'{s.Name()}'"))})";
}

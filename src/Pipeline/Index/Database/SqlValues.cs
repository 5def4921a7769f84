using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Times as the index keeps them: ISO 8601, UTC, milliseconds; their order as text is their order in time.</summary>
internal static class Timestamp
{
    /// <summary>The text of a time.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The text of a time, or null.</summary>
    public static string? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;

    /// <summary>The time of a text.</summary>
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}

/// <summary>Reads the columns' times; parameters are written by <see cref="Timestamp.Of(DateTimeOffset)"/>.</summary>
internal sealed class TimestampHandler : SqlMapper.TypeHandler<DateTimeOffset>
{
    /// <summary>Makes it known to Dapper; more than once does no harm.</summary>
    public static void Register() => SqlMapper.AddTypeHandler(new TimestampHandler());

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = Timestamp.Of(value);

    public override DateTimeOffset Parse(object value) => Timestamp.Parse((string)value);
}

/// <summary>
/// Lists as SQL text, of values that can't be anything else: numbers and states. Parameters for lists are written
/// differently in each database.
/// </summary>
internal static class SqlList
{
    /// <summary>"(1, 2)".</summary>
    public static string Of(IEnumerable<long> numbers) =>
        $"({string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))})";

    /// <summary>"('queued', 'running')".</summary>
    public static string Of(IEnumerable<JobState> states) => $"({string.Join(", ", states.Select(s => $"'{s.Name()}'"))})";

    /// <summary>"('queued', 'running')".</summary>
    public static string Of(IEnumerable<TaskState> states) => $"({string.Join(", ", states.Select(s => $"'{EnumText.Of(s)}'"))})";
}

/// <summary>The columns that hold JSON; nothing is null.</summary>
internal static class IndexJson
{
    static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    public static string? Of(IReadOnlyList<Problem> problems) => problems.Count == 0 ? null : JsonSerializer.Serialize(problems, s_options);

    public static string? Of(IReadOnlyList<string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts, s_options);

    public static string? Of(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? null : JsonSerializer.Serialize(counts, s_options);

    /// <summary>Figures; JSON has no infinities and no NaN, so that these are left out.</summary>
    public static string? Of(IReadOnlyDictionary<string, double> figures)
    {
        Dictionary<string, double> finite = figures.Where(f => double.IsFinite(f.Value)).ToDictionary(f => f.Key, f => f.Value);
        return finite.Count == 0 ? null : JsonSerializer.Serialize(finite, s_options);
    }

    public static IReadOnlyList<Problem> Problems(string? json) => Read<List<Problem>>(json) ?? [];

    public static IReadOnlyList<string> Strings(string? json) => Read<List<string>>(json) ?? [];

    public static IReadOnlyDictionary<string, double> Numbers(string? json) => Read<Dictionary<string, double>>(json) ?? [];

    public static IReadOnlyDictionary<string, long> Counts(string? json) => Read<Dictionary<string, long>>(json) ?? [];

    /// <summary>Other documents.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, s_options);

    /// <summary>Reads another document; one that isn't there is none.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(json))]
    public static T? Read<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, s_options)!;
}

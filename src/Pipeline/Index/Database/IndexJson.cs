using System.Text.Json;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>The columns that hold JSON; nothing is null.</summary>
internal static class IndexJson
{
    static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    public static string? Of(IReadOnlyList<Problem> problems) => problems.Count == 0 ? null : JsonSerializer.Serialize(problems, s_options);

    public static string? Of(IReadOnlyList<string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts, s_options);

    public static string? Of(IReadOnlyDictionary<string, long> counts) => counts.Count == 0 ? null : JsonSerializer.Serialize(counts, s_options);

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

    static T? Read<T>(string? json) where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, s_options);
}

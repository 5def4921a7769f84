using System.Globalization;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>Times as the index keeps them: ISO 8601, UTC, milliseconds; their order as text is their order in time.</summary>
internal static class Timestamp
{
    /// <summary>The text of a time.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The text of a time, or null.</summary>
    public static string? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;
}

using System.Globalization;
using Cronos;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>
/// The times of a cron expression in a time zone. Where clocks go forward, a time that is left out comes right after the gap; where they go
/// back, a fixed time comes once, and an interval (<c>*/15</c>) goes through.
/// </summary>
public sealed class CronTimes
{
    const int Fields = 5;

    readonly CronExpression _expression;

    /// <summary>The times of an expression that <see cref="Refusal"/> has nothing against, in a zone that is known.</summary>
    /// <exception cref="CronFormatException">It is no cron expression.</exception>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public CronTimes(string cron, string zone)
    {
        _expression = Parse(cron);
        Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    }

    /// <summary>The time zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>The first time after a time, UTC; null: none comes any more.</summary>
    public DateTimeOffset? After(DateTimeOffset time) => _expression.GetNextOccurrence(time, Zone)?.ToUniversalTime();

    /// <summary>The first time that isn't before a time, UTC; null: none comes any more.</summary>
    public DateTimeOffset? From(DateTimeOffset time) => _expression.GetNextOccurrence(time, Zone, inclusive: true)?.ToUniversalTime();

    /// <summary>The times from one on, UTC, in order, without end unless the expression has one.</summary>
    public IEnumerable<DateTimeOffset> AllFrom(DateTimeOffset time)
    {
        for (DateTimeOffset? at = From(time); at is { } found; at = After(found)) yield return found;
    }

    /// <summary>The next times after a time.</summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset after, int count) =>
        After(after) is { } first ? [.. AllFrom(first).Take(count)] : [];

    /// <summary>What is wrong with an expression; null where nothing is.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="now">A time after which it must come up.</param>
    public static string? Refusal(string cron, DateTimeOffset now)
    {
        int fields = Count(cron);
        if (fields is not (Fields or Fields + 1))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"expected five fields (minute, hour, day of month, month, day of week), or six with seconds first, found {fields}");
        try
        {
            return Parse(cron).GetNextOccurrence(now, TimeZoneInfo.Utc) is null
                ? "expected a cron expression that comes up, found one that never does" : null;
        }
        catch (CronFormatException e)
        {
            return $"expected a cron expression, found \"{cron}\": {e.Message}";
        }
    }

    /// <summary>Whether a time zone is known by its IANA name.</summary>
    public static bool IsZone(string name) => name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    static CronExpression Parse(string cron) =>
        CronExpression.Parse(cron, Count(cron) > Fields ? CronFormat.IncludeSeconds : CronFormat.Standard);

    static int Count(string cron) => cron.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
}

using System.Globalization;
using DiffusionBatch.LocalHost.Functions;
using NCrontab;

namespace DiffusionBatch.LocalHost.Timers;

/// <summary>
/// When a timer runs: an NCRONTAB expression of six fields (five: at second 0), or an interval. Times are UTC, as in Azure.
/// </summary>
internal sealed class TimerSchedule
{
    // A 29 February that falls on a given day of the week comes back within 40 years.
    const int YearsAhead = 40;

    readonly CrontabSchedule? _expression;
    readonly TimeSpan _interval;

    TimerSchedule(CrontabSchedule? expression, TimeSpan interval) => (_expression, _interval) = (expression, interval);

    /// <summary>Reads what a trigger says.</summary>
    /// <exception cref="FunctionsHostException">It is neither, or a setting is missing.</exception>
    public static TimerSchedule Parse(string text, AppSettings settings, string function)
    {
        string schedule = settings.Expand(text, function).Trim();
        try
        {
            // "7" would be seven days to TimeSpan; an interval is written with colons.
            if (schedule.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(schedule, CultureInfo.InvariantCulture, out TimeSpan interval))
                return interval > TimeSpan.Zero
                    ? new TimerSchedule(null, interval)
                    : throw new FormatException("an interval is above zero");
            int fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            if (fields is not (5 or 6))
                throw new FormatException(
                    $"it has {fields} fields; six are wanted: {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}");
            var parsed = new TimerSchedule(
                CrontabSchedule.Parse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }), default);
            var start = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            return parsed.Next(start) < start.AddYears(YearsAhead)
                ? parsed
                : throw new FormatException("no day ever meets its day, month and day of week");
        }
        catch (Exception e) when (e is FormatException or CrontabException)
        {
            throw new FunctionsHostException(
                $"The function '{function}' has the schedule \"{schedule}\", which isn't valid: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Whether it runs more often than once a minute; such timers keep no record of their last run.</summary>
    public bool IsFrequent(DateTime now) => Next(Next(now)) - Next(now) < TimeSpan.FromMinutes(1);

    /// <summary>The first time after <paramref name="after"/>, both UTC.</summary>
    public DateTime Next(DateTime after) =>
        _expression is null
            ? after + _interval
            : DateTime.SpecifyKind(_expression.GetNextOccurrence(after, after.AddYears(YearsAhead)), DateTimeKind.Utc);
}

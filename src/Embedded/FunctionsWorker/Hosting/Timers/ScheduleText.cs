using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>A timer's schedule as text: an NCRONTAB expression, an interval, or a setting that holds one.</summary>
internal static class ScheduleText
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidOperationException">It is neither, or the setting is missing.</exception>
    public static ISchedule Parse(string text, IConfiguration configuration, string function)
    {
        string schedule = Settings.Expand(text, configuration, function);
        try
        {
            // "7" would be seven days to TimeSpan; an interval is written with colons.
            if (schedule.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(schedule, CultureInfo.InvariantCulture, out TimeSpan interval))
                return interval > TimeSpan.Zero ? new IntervalSchedule(interval) : throw new FormatException("an interval is above zero.");
            return new CronSchedule(schedule);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"Function '{function}': the schedule \"{schedule}\" isn't valid: {e.Message}", e);
        }
    }
}

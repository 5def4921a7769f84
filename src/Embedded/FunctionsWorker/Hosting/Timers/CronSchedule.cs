using System.Globalization;

namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>
/// An NCRONTAB expression: {second} {minute} {hour} {day} {month} {day of week}, or five fields without the seconds.
/// A day must meet both the day and the day of week.
/// </summary>
internal sealed class CronSchedule : ISchedule
{
    // A 29 February that falls on a given day of the week comes back within 40 years.
    const int YearsAhead = 40;

    static readonly string[] s_months = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames.Take(12)];
    static readonly string[] s_days = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    readonly CronField _second, _minute, _hour, _day, _month, _weekday;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It isn't one, or names no day that there is.</exception>
    public CronSchedule(string expression)
    {
        string[] fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length == 5) fields = ["0", .. fields];
        if (fields.Length != 6) throw new FormatException($"it has {fields.Length} fields; six are wanted: {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}.");
        _second = CronField.Parse(fields[0], "second", 0, 59);
        _minute = CronField.Parse(fields[1], "minute", 0, 59);
        _hour = CronField.Parse(fields[2], "hour", 0, 23);
        _day = CronField.Parse(fields[3], "day", 1, 31);
        _month = CronField.Parse(fields[4], "month", 1, 12, s_months);
        _weekday = CronField.Parse(fields[5], "day of week", 0, 6, s_days);
        _ = Next(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    /// <inheritdoc/>
    public DateTime Next(DateTime after)
    {
        DateTime start = new DateTime(after.Ticks - after.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc).AddSeconds(1);
        for (DateTime day = start.Date; day.Year <= start.Year + YearsAhead; day = day.AddDays(1))
        {
            if (!_month.Has(day.Month) || !_day.Has(day.Day) || !_weekday.Has((int)day.DayOfWeek)) continue;
            if (TimeOf(day == start.Date ? start.TimeOfDay : TimeSpan.Zero) is { } time) return day + time;
        }
        throw new FormatException("no day ever meets its day, month and day of week.");
    }

    // The first time of day at or after one.
    TimeSpan? TimeOf(TimeSpan from)
    {
        for (int hour = _hour.From(from.Hours); hour >= 0; hour = _hour.From(hour + 1))
        {
            bool sameHour = hour == from.Hours;
            for (int minute = _minute.From(sameHour ? from.Minutes : 0); minute >= 0; minute = _minute.From(minute + 1))
            {
                int second = _second.From(sameHour && minute == from.Minutes ? from.Seconds : 0);
                if (second >= 0) return new TimeSpan(hour, minute, second);
            }
        }
        return null;
    }
}

using System.Globalization;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Timers;

namespace DiffusionBatch.LocalHost.Tests.Timers;

public sealed class TimerScheduleTests
{
    static readonly AppSettings Settings = new(new Dictionary<string, string> { ["Every"] = "00:00:05", ["Nightly"] = "0 30 2 * * *" });

    static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-21 10:00:00", "2026-11-21 10:05:00 Sat")]
    [InlineData("0 */5 * * * *", "2026-11-21 10:04:59.999", "2026-11-21 10:05:00 Sat")]
    [InlineData("*/5 * * * * *", "2026-12-31 23:59:57", "2027-01-01 00:00:00 Fri")]
    [InlineData("0 0 9-17 * * MON-FRI", "2026-11-20 17:00:00", "2026-11-23 09:00:00 Mon")]
    [InlineData("30 15,45 */6 * * *", "2026-11-21 12:16:00", "2026-11-21 12:45:30 Sat")]
    [InlineData("0 0 0 29 2 0", "2026-11-21 00:00:00", "2032-02-29 00:00:00 Sun")]
    [InlineData("0 0 0 13 * friday", "2026-01-14 00:00:00", "2026-02-13 00:00:00 Fri")]
    [InlineData("5 4 * * *", "2026-11-21 04:05:00", "2026-11-22 04:05:00 Sun")]
    [InlineData("%Nightly%", "2026-11-21 02:30:00", "2026-11-22 02:30:00 Sun")]
    [InlineData("%Every%", "2026-11-21 10:00:02", "2026-11-21 10:00:07 Sat")]
    [InlineData("1.00:00:00", "2026-11-21 10:00:02", "2026-11-22 10:00:02 Sun")]
    public void The_next_time_is(string schedule, string after, string next) =>
        Assert.Equal(next, TimerSchedule.Parse(schedule, Settings, "F").Next(Utc(after))
            .ToString("yyyy-MM-dd HH:mm:ss ddd", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("* * * *", "4 fields")]
    [InlineData("60 * * * * *", "60")]
    [InlineData("0 0 0 * FOO *", "FOO")]
    [InlineData("0 0 0 31 2 *", "no day ever meets")]
    [InlineData("-00:00:05", "an interval is above zero")]
    [InlineData("%Missing%", "the setting 'Missing'")]
    public void A_wrong_schedule_is_refused_with_the_function_and_the_reason(string schedule, string why)
    {
        var error = Assert.Throws<FunctionsHostException>(() => TimerSchedule.Parse(schedule, Settings, "Nightly"));
        Assert.Contains("'Nightly'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/20 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void What_comes_more_often_than_once_a_minute_is_frequent(string schedule, bool frequent) =>
        Assert.Equal(frequent, TimerSchedule.Parse(schedule, Settings, "F").IsFrequent(Utc("2026-11-21 10:00:07")));
}

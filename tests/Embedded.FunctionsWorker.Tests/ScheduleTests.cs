using System.Globalization;
using Microsoft.Azure.Functions.Worker.Hosting.Timers;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class ScheduleTests
{
    static readonly IConfiguration Configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Every", "00:00:05"), new("Nightly", "0 30 2 * * *")]).Build();

    static string Next(string schedule, string after) =>
        ScheduleText.Parse(schedule, Configuration, "F").Next(DateTime.Parse(after, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal))
            .ToString("yyyy-MM-dd HH:mm:ss ddd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-21 10:00:00", "2026-11-21 10:05:00 Sat")]
    [InlineData("0 */5 * * * *", "2026-11-21 10:04:59.999", "2026-11-21 10:05:00 Sat")]
    [InlineData("*/5 * * * * *", "2026-12-31 23:59:57", "2027-01-01 00:00:00 Fri")]
    [InlineData("0 0 9-17 * * MON-FRI", "2026-11-20 17:00:00", "2026-11-23 09:00:00 Mon")]
    [InlineData("30 15,45 */6 * * *", "2026-11-21 12:16:00", "2026-11-21 12:45:30 Sat")]
    [InlineData("0 0 0 29 2 *", "2026-11-21 00:00:00", "2028-02-29 00:00:00 Tue")]
    [InlineData("0 0 0 29 2 0", "2026-11-21 00:00:00", "2032-02-29 00:00:00 Sun")]
    [InlineData("0 0 0 13 * friday", "2026-01-14 00:00:00", "2026-02-13 00:00:00 Fri")]
    [InlineData("0 0 12 1 jan *", "2026-11-21 00:00:00", "2027-01-01 12:00:00 Fri")]
    [InlineData("20/20 * * * * *", "2026-11-21 00:00:40", "2026-11-21 00:01:20 Sat")]
    [InlineData("5 4 * * *", "2026-11-21 04:05:00", "2026-11-22 04:05:00 Sun")]
    [InlineData("%Nightly%", "2026-11-21 02:30:00", "2026-11-22 02:30:00 Sun")]
    [InlineData("%Every%", "2026-11-21 10:00:02", "2026-11-21 10:00:07 Sat")]
    [InlineData("1.00:00:00", "2026-11-21 10:00:02", "2026-11-22 10:00:02 Sun")]
    public void The_next_time_is(string schedule, string after, string next) => Assert.Equal(next, Next(schedule, after));

    [Theory]
    [InlineData("* * * *", "4 fields")]
    [InlineData("60 * * * * *", "\"60\" is no second (0 to 59)")]
    [InlineData("0 0 24 * * *", "\"24\" is no hour (0 to 23)")]
    [InlineData("0 0 0 0 * *", "\"0\" is no day (1 to 31)")]
    [InlineData("0 0 0 * * 7", "\"7\" is no day of week (0 to 6)")]
    [InlineData("0 0 0 * FOO *", "\"FOO\" is no month (1 to 12)")]
    [InlineData("*/0 * * * * *", "\"*/0\" is no second")]
    [InlineData("5-2 * * * * *", "\"5-2\" is no second")]
    [InlineData("0 0 0 31 2 *", "no day ever meets")]
    [InlineData("-00:00:05", "an interval is above zero")]
    [InlineData("%Missing%", "the setting 'Missing'")]
    public void A_wrong_schedule_is_refused_with_the_function_and_the_reason(string schedule, string why)
    {
        var error = Assert.Throws<InvalidOperationException>(() => ScheduleText.Parse(schedule, Configuration, "Nightly"));
        Assert.Contains("'Nightly'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Against the definition: the first second after, one by one, that all six fields have.</summary>
    [Fact]
    public void Next_is_the_first_second_that_meets_all_fields()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            int second = random.Next(60), every = random.Next(1, 30), hour = random.Next(24);
            var after = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(86400 * 300));
            DateTime expected = after.AddSeconds(1);
            while (expected.Second != second || expected.Minute % every != 0 || expected.Hour != hour) expected = expected.AddSeconds(1);
            Assert.Equal(expected, new CronSchedule($"{second} */{every} {hour} * * *").Next(after));
        }
    }
}

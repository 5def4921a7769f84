using System.Globalization;
using DiffusionBatch.Pipeline.Scheduling;

namespace DiffusionBatch.Pipeline.Tests.Scheduling;

public sealed class CronTimesTests
{
    static readonly DateTimeOffset s_year = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), s_next = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static List<DateTimeOffset> Year(string cron, string zone) => [.. new CronTimes(cron, zone).AllFrom(s_year).TakeWhile(t => t < s_next)];

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")] // half an hour of summer time
    [InlineData("Asia/Kathmandu")] // 5:45 from UTC, no summer time
    [InlineData("UTC")]
    public void A_daily_time_comes_once_on_each_day_of_a_year(string zone)
    {
        TimeZoneInfo info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        List<DateTimeOffset> times = Year("30 2 * * *", zone);
        DateTime[] days = [.. times.Select(t => TimeZoneInfo.ConvertTime(t, info).Date)];
        Assert.InRange(times.Count, 364, 366);
        Assert.Equal(days.Distinct(), days);
        Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(1, (pair.Second - pair.First).TotalDays));
        // At half past two, but where clocks jumped over it.
        Assert.InRange(times.Count(t => TimeZoneInfo.ConvertTime(t, info).TimeOfDay != new TimeSpan(2, 30, 0)), 0, 1);
    }

    [Theory]
    [InlineData("Europe/Berlin", 24 * 365)]
    [InlineData("America/New_York", 24 * 365)]
    [InlineData("UTC", 24 * 365)]
    public void Hours_go_through_a_change_of_the_clocks(string zone, int hours)
    {
        List<DateTimeOffset> times = Year("0 * * * *", zone);
        Assert.Equal(hours, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.Equal(1, (pair.Second - pair.First).TotalHours));
    }

    [Theory]
    [InlineData("0 30 2 29 3 *", "Europe/Berlin", "2026-03-29T01:00:00Z")] // 2:30 is left out: the clock goes from 2 to 3
    [InlineData("0 30 2 25 10 *", "Europe/Berlin", "2026-10-25T00:30:00Z")] // 2:30 comes twice: the first
    [InlineData("0 9 * * 1-5", "America/New_York", "2026-01-01T14:00:00Z")]
    [InlineData("0 9 * 7 1-5", "America/New_York", "2026-07-01T13:00:00Z")]
    [InlineData("*/10 * * * * *", "UTC", "2026-01-01T00:00:10Z")]
    [InlineData("0 0 29 2 *", "UTC", "2028-02-29T00:00:00Z")]
    public void The_next_time_after_the_year_began(string cron, string zone, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), new CronTimes(cron, zone).After(s_year));

    [Theory]
    [InlineData("* * * *", "found 4")]
    [InlineData("* * * * * * *", "found 7")]
    [InlineData("61 * * * *", "61 * * * *")]
    [InlineData("0 0 30 2 *", "never does")]
    [InlineData("", "found 0")]
    public void A_wrong_expression_is_told(string cron, string why) =>
        Assert.Contains(why, CronTimes.Refusal(cron, s_year), StringComparison.Ordinal);

    [Fact]
    public void Zones_are_known_by_their_IANA_names()
    {
        Assert.True(CronTimes.IsZone("Europe/Berlin"));
        Assert.False(CronTimes.IsZone("Mars/Olympus"));
        Assert.False(CronTimes.IsZone(""));
    }
}

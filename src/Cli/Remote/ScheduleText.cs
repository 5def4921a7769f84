using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Schedules at a server in words.</summary>
internal static class ScheduleText
{
    /// <summary>Shows a schedule: its lines, or its document.</summary>
    public static void Show(Screen screen, ScheduleView view, bool json)
    {
        if (json) screen.Data(JobJson.Of(view, ApiJson.Of<ScheduleView>()));
        else
            foreach (string line in Lines(view)) screen.Data(line);
    }

    static IEnumerable<string> Lines(ScheduleView view)
    {
        yield return $"schedule    {view.Name}{(view.Paused ? " (paused)" : "")}";
        yield return $"cron        {view.Cron}  ({view.TimeZone})";
        yield return $"overlap     {EnumText.Of(view.Overlap)}, missed runs: {EnumText.Of(view.Missed)}";
        yield return string.Create(CultureInfo.InvariantCulture, $"runs        {view.Runs}");
        foreach (DateTimeOffset time in view.Next) yield return $"next        {Time(time)}";
        foreach (ScheduleTickView tick in view.Recent ?? [])
            yield return string.Join("  ",
                ((string?[])[Time(tick.ScheduledFor), EnumText.Of(tick.Outcome), tick.Job, tick.Reason]).OfType<string>());
    }

    /// <summary>A time, UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>Numbers and times as people read them; always in the invariant culture.</summary>
internal static class Figures
{
    /// <summary><c>0:07</c>, <c>12:30</c>, <c>1:02:30</c>.</summary>
    public static string Time(TimeSpan time)
    {
        time = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(0, time.TotalSeconds)));
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
    }

    /// <summary><c>12,345</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A live figure with about four digits: <c>2.318</c>, <c>14,200</c>.</summary>
    public static string Measure(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.01 or 0 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
    };

    /// <summary>A score with one decimal.</summary>
    public static string Score(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>An amount such as seconds: one decimal below a hundred, none above.</summary>
    public static string Amount(double value) => value.ToString(value < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture);
}

using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Short repeated runs.</summary>
internal static class Clock
{
    /// <summary>Times one call over samples that fill about <paramref name="seconds"/>, after a warm-up.</summary>
    internal static Timing Measure(Action action, double seconds = 0.2) => Measure([action], seconds)[0];

    /// <summary>Times calls in turn, so that all meet the same disturbances; <paramref name="runs"/> samples of each, or as many as fill the seconds.</summary>
    internal static Timing[] Measure(Action[] actions, double seconds = 0.4, int? runs = null)
    {
        double once = actions.Max(Once);
        int inner = (int)Math.Clamp(1e-4 / once, 1, 10000);
        int samples = runs ?? (int)Math.Clamp(seconds / (once * inner * actions.Length), 7, 501);
        var times = new double[actions.Length][];
        for (int a = 0; a < actions.Length; a++)
            times[a] = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            for (int a = 0; a < actions.Length; a++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int j = 0; j < inner; j++)
                    actions[a]();
                times[a][i] = Stopwatch.GetElapsedTime(start).TotalSeconds / inner;
            }
        }

        return [.. times.Select(t => new Timing(t.Order().ElementAt(samples / 2), t.Min()))];
    }

    private static double Once(Action action)
    {
        action();
        long start = Stopwatch.GetTimestamp();
        action();
        return Math.Max(1e-7, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

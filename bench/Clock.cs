using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Medians of short repeated runs.</summary>
internal static class Clock
{
    /// <summary>The median seconds of one call, over enough calls to fill about <paramref name="seconds"/> after a warm-up.</summary>
    internal static double Median(Action action, double seconds = 0.25)
    {
        action();
        long start = Stopwatch.GetTimestamp();
        action();
        double once = Math.Max(1e-7, Stopwatch.GetElapsedTime(start).TotalSeconds);
        int inner = (int)Math.Clamp(2e-4 / once, 1, 10000);
        int samples = (int)Math.Clamp(seconds / (once * inner), 5, 201);
        var times = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            start = Stopwatch.GetTimestamp();
            for (int j = 0; j < inner; j++)
                action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds / inner;
        }

        Array.Sort(times);
        return times[samples / 2];
    }
}

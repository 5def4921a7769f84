using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Short repeated runs.</summary>
internal static class Clock
{
    private const int Turns = 5;

    /// <summary>Times one call over samples that fill about <paramref name="seconds"/>, after a warm-up.</summary>
    internal static Timing Measure(Action action, double seconds = 0.2) => Measure([action], seconds)[0];

    /// <summary>
    /// Times calls in turn, so that all meet the same disturbances; <paramref name="runs"/> samples of each, or as many as
    /// fill the seconds. Where a peer's threads spin on after a call, on the cores that the next one needs, <paramref name="settle"/>
    /// lets them fall asleep before the turn passes on.
    /// </summary>
    internal static Timing[] Measure(Action[] actions, double seconds = 0.4, int? runs = null, bool settle = false)
    {
        double once = actions.Max(Once);
        int inner = (int)Math.Clamp(1e-4 / once, 1, 10000);
        int samples = runs ?? (int)Math.Clamp(seconds / (once * inner * actions.Length), 7, 501);
        int turn = settle ? (samples + Turns - 1) / Turns : 1;
        var times = new double[actions.Length][];
        for (int a = 0; a < actions.Length; a++)
            times[a] = new double[samples];
        for (int first = 0; first < samples; first += turn)
        {
            for (int a = 0; a < actions.Length; a++)
            {
                if (settle)
                {
                    Settle();
                    Awaken(actions[a]);
                }

                for (int i = first; i < Math.Min(samples, first + turn); i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    for (int j = 0; j < inner; j++)
                        actions[a]();
                    times[a][i] = Stopwatch.GetElapsedTime(start).TotalSeconds / inner;
                }
            }
        }

        return [.. times.Select(t => new Timing(t.Order().ElementAt(samples / 2), t.Min()))];
    }

    // Until this process sleeps, or for half a second.
    private static void Settle()
    {
        const int Milliseconds = 10;
        for (int i = 0; i < 50; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(Milliseconds);
            if ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds < Milliseconds / 10.0)
                return;
        }
    }

    // After a sleep the clock, the caches and the threads' places come back over some milliseconds.
    private static void Awaken(Action action)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 30;)
            action();
    }

    private static double Once(Action action)
    {
        action();
        long start = Stopwatch.GetTimestamp();
        action();
        return Math.Max(1e-7, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionBatch.Pipeline.Telemetry;

/// <summary>For how long this process's device had work; work that overlaps counts once.</summary>
internal static class DeviceTime
{
    static readonly Lock s_lock = new();
    static int s_working;
    static bool s_worked;
    static long s_since, s_busy, s_looked = Stopwatch.GetTimestamp();

    /// <summary>The device has work.</summary>
    public static void Begin()
    {
        lock (s_lock)
        {
            s_worked = true;
            if (s_working++ == 0) s_since = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The device has that work no longer.</summary>
    public static void End()
    {
        lock (s_lock)
            if (--s_working == 0) s_busy += Stopwatch.GetTimestamp() - s_since;
    }

    /// <summary>The part of the time since the last look, 0 to 1; nothing in a process that has no device.</summary>
    public static IEnumerable<Measurement<double>> TakeShare()
    {
        lock (s_lock)
        {
            if (!s_worked) return [];
            long now = Stopwatch.GetTimestamp(), span = now - s_looked;
            if (s_working > 0)
            {
                s_busy += now - s_since;
                s_since = now;
            }
            double share = span > 0 ? Math.Clamp((double)s_busy / span, 0, 1) : 0;
            (s_busy, s_looked) = (0, now);
            return [new Measurement<double>(share)];
        }
    }
}

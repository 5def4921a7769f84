using System.Diagnostics;

namespace DiffusionBatch.Bench;

/// <summary>Times two sides in turn, so that both meet the same disturbances.</summary>
internal static class Duel
{
    private const double WarmUpSeconds = 0.5;
    private const double PieceSeconds = 0.03;

    // A library's threads spin for some milliseconds after a call, on the cores that the other side needs.
    private const int SettleMilliseconds = 60;

    /// <summary>Lets the threads of the side that has just run fall asleep.</summary>
    internal static void Settle() => Thread.Sleep(SettleMilliseconds);

    /// <summary>
    /// Seconds of one call of each side. Each takes a number of calls and answers the seconds of all of them together; a
    /// sample is as many calls as fill 30 ms.
    /// </summary>
    internal static (Timing Ours, Timing? Peer) Run(Func<int, double> ours, Func<int, double>? peer, int runs)
    {
        int oursCount = WarmUp(ours);
        int peerCount = peer is null ? 0 : WarmUp(peer);
        var times = new List<double>(runs);
        var peerTimes = new List<double>(runs);
        for (int i = 0; i < runs; i++)
        {
            times.Add(Sample(ours, oursCount));
            if (peer is not null)
                peerTimes.Add(Sample(peer, peerCount));
        }

        return (Timing.Of(times), peer is null ? null : Timing.Of(peerTimes));
    }

    /// <summary>Times an action that is repeated.</summary>
    internal static Func<int, double> Loop(Action action) => count =>
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    };

    // After a sleep the clock, the caches and the threads' places come back over some milliseconds; long calls don't notice.
    private static double Sample(Func<int, double> side, int count)
    {
        Settle();
        if (count > 1)
            side(count);
        return side(count) / count;
    }

    // Runs until the just-in-time compiler has had its calls and its time; answers how many calls fill a sample.
    private static int WarmUp(Func<int, double> side)
    {
        double last = side(1), spent = last;
        int calls = 1;
        while (spent < WarmUpSeconds || (calls < 3 && spent < 4 * WarmUpSeconds))
        {
            int count = (int)Math.Clamp(PieceSeconds / Math.Max(last, 1e-7), 1, 100_000);
            double seconds = side(count);
            last = seconds / count;
            spent += seconds;
            calls += count;
        }

        return (int)Math.Clamp(PieceSeconds / Math.Max(last, 1e-7), 1, 100_000);
    }
}

using System.Text;

namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>What Azure Storage Queues take; every backend refuses the rest alike.</summary>
internal static class QueueLimits
{
    static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <summary>Refuses a body that is too long.</summary>
    public static void DemandBody(string body)
    {
        if (Encoding.UTF8.GetByteCount(body) > IWorkQueue.MaxBodyBytes)
            throw new ArgumentException($"A message takes at most {IWorkQueue.MaxBodyBytes} bytes; send a pointer to the rest.", nameof(body));
    }

    /// <summary>Refuses a number of messages that can't be received at once.</summary>
    public static void DemandCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
    }

    /// <summary>Refuses an invisibility that a received message can't have.</summary>
    public static void DemandInvisibility(TimeSpan invisibility)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(invisibility, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(invisibility, s_longest);
    }

    /// <summary>Refuses a delay that a message can't have.</summary>
    public static void DemandDelay(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, s_longest);
    }
}

namespace DiffusionBatch.Pipeline.Storage.Queues;

/// <summary>
/// A queue that delivers each message at least once, in no particular order. A received message is invisible to others
/// for a while and comes back unless it is deleted. That a message is gone (deleted, or delivered to someone else since)
/// is a normal outcome. Every backend passes the same compliance suite.
/// </summary>
public interface IWorkQueue
{
    /// <summary>The longest body, in UTF-8 bytes, that every backend takes.</summary>
    const int MaxBodyBytes = 48 * 1024;

    /// <summary>Sends a message that never expires. A failed call may have sent it: receivers must bear doubles.</summary>
    /// <param name="body">Its text, at most <see cref="MaxBodyBytes"/>.</param>
    /// <param name="delay">How long it stays invisible at first.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task SendAsync(string body, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Receives what is visible now, at most <paramref name="count"/> (1 to 32) messages; doesn't wait.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="invisibility">For how long they are ours: 1 second to 7 days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<WorkMessage>> ReceiveAsync(int count, TimeSpan invisibility, CancellationToken cancellationToken);

    /// <summary>Keeps a message for longer, or gives it back (zero: at once; else after that time). False: it is gone.</summary>
    Task<bool> RenewAsync(WorkMessage message, TimeSpan invisibility, CancellationToken cancellationToken);

    /// <summary>Deletes a message that is done with. False: it was gone already.</summary>
    Task<bool> DeleteAsync(WorkMessage message, CancellationToken cancellationToken);

    /// <summary>About how many messages there are, invisible ones included.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}

using System.Runtime.CompilerServices;

namespace DiffusionBatch.Cli.Testing;

/// <summary>Two pieces of work at a time, one of each kind as long as there are both.</summary>
internal static class Lanes
{
    /// <summary>Does all of it; either lane goes on with what the other has left.</summary>
    /// <param name="first">What the first lane does, in this order.</param>
    /// <param name="second">What the second lane does, in this order.</param>
    /// <param name="work">Does one piece.</param>
    /// <param name="cancellationToken">No further piece is begun; pieces under way are left to their own cancellation.</param>
    /// <returns>What came of each piece, as soon as it is there.</returns>
    public static async IAsyncEnumerable<T> RunAsync<T>(
        IEnumerable<string> first, IEnumerable<string> second, Func<string, Task<T>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Queue<string> waiting = new(first), computing = new(second);
        Task<T>? one = Next(waiting, computing), other = Next(computing, waiting);
        try
        {
            while (one is not null || other is not null)
            {
                Task<T> ended = one is null ? other! : other is null ? one : await Task.WhenAny(one, other);
                T result = await ended;
                cancellationToken.ThrowIfCancellationRequested();
                if (ended == one) one = Next(waiting, computing);
                else other = Next(computing, waiting);
                yield return result;
            }
        }
        finally
        {
            // After a failure or an interrupt nothing runs on.
            foreach (Task<T>? left in (Task<T>?[])[one, other])
                if (left is not null) await Task.WhenAny(left);
        }

        Task<T>? Next(Queue<string> own, Queue<string> others) =>
            own.TryDequeue(out string? piece) || others.TryDequeue(out piece) ? work(piece) : null;
    }
}

using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Planning;

/// <summary>Keeps a plan ours while it goes on; once it is another's, or the job was stopped, <see cref="Token"/> is cancelled.</summary>
internal sealed class PlanLease : IAsyncDisposable
{
    readonly CancellationTokenSource _stop;
    readonly Task _renewing;

    PlanLease(IPlanningIndex index, string job, int attempt, TimeSpan lease, TimeProvider time, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _stop.Token;
        _renewing = RenewAsync(index, job, attempt, lease, time);
    }

    /// <summary>Cancelled once the plan must stop.</summary>
    public CancellationToken Token { get; }

    /// <summary>Begins to renew.</summary>
    public static PlanLease Start(IPlanningIndex index, string job, int attempt, TimeSpan lease, TimeProvider time,
        CancellationToken cancellationToken) =>
        new(index, job, attempt, lease, time, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
    }

    async Task RenewAsync(IPlanningIndex index, string job, int attempt, TimeSpan lease, TimeProvider time)
    {
        try
        {
            do await Task.Delay(lease / 3, time, Token);
            while (await index.AddTasksAsync(job, attempt, [], Token));
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            return;
        }
        catch (IndexUnavailableException)
        {
            // The plan itself will find out; what it writes is fenced.
            return;
        }
        await _stop.CancelAsync();
    }
}

using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>A task that is ours and whose files are here.</summary>
internal abstract class PreparedTask(TaskClaim claim, JobContext context, string folder) : IAsyncDisposable
{
    readonly SemaphoreSlim _saving = new(1, 1);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The claim.</summary>
    public TaskClaim Claim { get; } = claim;

    /// <summary>The job.</summary>
    public JobContext Context { get; } = context;

    /// <summary>The task's own folder on this machine.</summary>
    public string Folder { get; } = folder;

    /// <summary>The task.</summary>
    public TaskRow Task => Claim.Task;

    /// <summary>Called once the device has taken all of it in.</summary>
    public Action Entered { get; set; } = static () => { };

    /// <summary>Completed once the task is ended, one way or another.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Saves what a successor would need, and tells the index: what is saved counts as progress should this worker die before its
    /// next heartbeat. Two calls at once save one after the other.
    /// </summary>
    public async Task SaveAsync(ResumeFiles resume, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken);
        try
        {
            if (!Ended.IsCompleted && await SaveFilesAsync(resume, cancellationToken)) await Claim.TellAsync(cancellationToken);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Closes its files and removes its folder; who waits to save finds the task ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _saving.WaitAsync();
        CloseFiles();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        _ended.TrySetResult();
        _saving.Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Saves what a successor would need.</summary>
    /// <returns>Whether there was anything new.</returns>
    protected abstract Task<bool> SaveFilesAsync(ResumeFiles resume, CancellationToken cancellationToken);

    /// <summary>Closes its files.</summary>
    protected virtual void CloseFiles()
    {
    }
}

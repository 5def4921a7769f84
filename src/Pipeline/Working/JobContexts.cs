using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Working;

/// <summary>
/// The jobs that this worker has tasks of, and a few that it had last: what their tasks share is fetched and checked once.
/// </summary>
internal sealed class JobContexts(IBlobStore store, IPipelineIndex index, IJobTasks tasks, FileCache cache, string folder) : IDisposable
{
    const int Kept = 4;

    readonly SemaphoreSlim _gate = new(1, 1);
    readonly List<JobContext> _contexts = [];

    /// <summary>A job's context, fetched where it isn't there; null where the job is gone. It stays until it is released.</summary>
    public async Task<JobContext?> TakeAsync(string job, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_contexts.Find(c => c.Row.Id == job) is not { } context)
            {
                if (await index.Jobs.GetAsync(job, cancellationToken) is not { } row
                    || await JobInputs.ReadAsync(store, job, cancellationToken) is not { } inputs) return null;
                IBlobStore own = store.For(row.Tenant);
                var root = new RootContent(own, index.Caches.For(row.Tenant));
                var files = new JobFolder(cache, root, Path.Combine(folder, job));
                try
                {
                    context = await JobContext.OpenAsync(row, inputs, files, own, root, tasks, cancellationToken);
                }
                catch
                {
                    files.Dispose();
                    throw;
                }
            }
            // The one that was used last stands last.
            _contexts.Remove(context);
            _contexts.Add(context);
            context.Users++;
            foreach (JobContext old in _contexts.Where(c => c.Users == 0).SkipLast(Kept).ToList()) Forget(old);
            return context;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives a context back.</summary>
    public void Release(JobContext context)
    {
        _gate.Wait();
        context.Users--;
        _gate.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (JobContext context in _contexts.ToList()) Forget(context);
        _gate.Dispose();
    }

    void Forget(JobContext context)
    {
        _contexts.Remove(context);
        context.Dispose();
    }
}

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>Whether the worker ended by an error rather than by being told to stop.</summary>
internal sealed class WorkerOutcome
{
    /// <summary>True after an error.</summary>
    public bool Failed { get; set; }
}

namespace DiffusionBatch.GpuWorker.Tests;

/// <summary>
/// Tests in which dropout draws: torch's generator is one for the whole process, as in PyTorch, so they run one after another.
/// </summary>
static class GlobalRandomStream
{
    public const string Name = "torch's process-wide random stream";
}

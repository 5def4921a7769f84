using DiffusionBatch.Diffusion.Runtime;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>The worker as a service of its host; its end is the host's.</summary>
internal sealed partial class WorkerService(Worker worker, WorkerOutcome outcome, IHostApplicationLifetime host, ILogger<WorkerService> log)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (string note in TorchRuntime.Notes) LogNote(log, note);
            await worker.RunAsync(stoppingToken);
        }
#pragma warning disable CA1031 // The process ends with its exit code, not with a crash dump.
        catch (Exception e)
#pragma warning restore CA1031
        {
            outcome.Failed = true;
            LogFailed(e);
        }
        host.StopApplication();
    }

    /// <summary>What there is to say of what the worker computes with.</summary>
    [LoggerMessage(2, LogLevel.Information, "{Note}")]
    internal static partial void LogNote(ILogger log, string note);

    [LoggerMessage(1, LogLevel.Critical, "The worker failed")]
    partial void LogFailed(Exception exception);
}

using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Exporting;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Restoring;
using DiffusionBatch.Pipeline.Scheduling;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Webhooks;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Registers the pipeline with a host.</summary>
public static class PipelineServiceCollectionExtensions
{
    /// <summary>
    /// Adds the store, the queues and the index of <see cref="PipelineConnection"/>, and what works on them:
    /// <see cref="JobService"/>, <see cref="BatchRunner"/>, <see cref="ControlHandler"/>, <see cref="OutboxRelay"/> and
    /// <see cref="Reconciler"/>, for all tenants, and <see cref="TenantPipelines"/> for what each tenant does itself.
    /// All are singletons and safe to use from any thread. The connection is validated when the host starts; it is opened by the first
    /// call that needs it, so that a process starts while storage or index are away.
    /// </summary>
    public static IServiceCollection AddDiffusionBatchPipeline(this IServiceCollection services,
        Action<PipelineConnection>? configure = null)
    {
        OptionsBuilder<PipelineConnection> options = services.AddOptions<PipelineConnection>();
        if (configure is not null) options.Configure(configure);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<PipelineConnection>, PipelineConnectionValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => PipelineBackend.Store(Connection(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => PipelineBackend.Queues(Connection(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => PipelineBackend.Index(Connection(p), p.GetRequiredService<TimeProvider>()));
        AddFacets(services);
        services.AddSingleton<Estimator>();
        services.AddSingleton<Finalizer>();
        services.AddSingleton<Planner>();
        services.AddSingleton<OutboxRelay>();
        services.AddSingleton<ControlHandler>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<JobService>();
        services.AddSingleton<IndexBackup>();
        services.AddSingleton<RecordBackup>();
        services.AddSingleton<Scheduler>();
        services.TryAddSingleton(new WebhookOptions());
        services.AddSingleton<WebhookService>();
        services.AddSingleton<BatchRunner>();
        services.TryAddSingleton(new OpenAiLimits());
        services.AddSingleton<TenantPipelines>();
        return services;
    }

    /// <summary>
    /// Adds the <see cref="Worker"/>, which runs tasks of the pipeline (<see cref="AddDiffusionBatchPipeline"/>) with what computes:
    /// an <see cref="Jobs.IJobTasks"/>, registered beside.
    /// </summary>
    public static IServiceCollection AddDiffusionBatchWorker(this IServiceCollection services) => services.AddSingleton<Worker>();

    // Most need one facet of the index only, and say so by taking that.
    static void AddFacets(IServiceCollection services)
    {
        services.AddSingleton(p => Index(p).Jobs);
        services.AddSingleton(p => Index(p).Outbox);
        services.AddSingleton(p => Index(p).Poison);
        services.AddSingleton(p => Index(p).Upkeep);
        services.AddSingleton(p => Index(p).Sweeps);
        services.AddSingleton(p => Index(p).Schedules);
        services.AddSingleton(p => Index(p).Webhooks);
        services.AddSingleton(p => Index(p).Backup);
        services.AddSingleton(p => Index(p).Records);
        services.AddSingleton(p => Index(p).Batches);
        services.AddSingleton(p => Index(p).Caches);
        services.AddSingleton(p => Index(p).Keys);
    }

    static IPipelineIndex Index(IServiceProvider services) => services.GetRequiredService<IPipelineIndex>();

    static PipelineConnection Connection(IServiceProvider services) => services.GetRequiredService<IOptions<PipelineConnection>>().Value;
}

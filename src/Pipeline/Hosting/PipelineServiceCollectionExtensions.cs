using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Submitting;
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
    /// <see cref="JobService"/>, <see cref="JobResults"/>, <see cref="ControlHandler"/>, <see cref="OutboxRelay"/>, <see cref="Reconciler"/>
    /// and <see cref="Worker"/>, which needs an <see cref="Jobs.IJobTasks"/> beside. All are singletons and safe to use from any thread.
    /// The connection is validated when the host starts; it is opened when something first needs it.
    /// </summary>
    public static IServiceCollection AddDiffusionBatchPipeline(this IServiceCollection services, Action<PipelineConnection>? configure = null)
    {
        OptionsBuilder<PipelineConnection> options = services.AddOptions<PipelineConnection>();
        if (configure is not null) options.Configure(configure);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<PipelineConnection>, PipelineConnectionValidation>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => PipelineBackend.Store(Connection(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => PipelineBackend.Queues(Connection(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => PipelineBackend.Index(Connection(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Estimator>();
        services.AddSingleton<Finalizer>();
        services.AddSingleton<Planner>();
        services.AddSingleton<OutboxRelay>();
        services.AddSingleton<ControlHandler>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<JobService>();
        services.AddSingleton<JobResults>();
        services.AddSingleton<Worker>();
        return services;
    }

    static PipelineConnection Connection(IServiceProvider services) => services.GetRequiredService<IOptions<PipelineConnection>>().Value;
}

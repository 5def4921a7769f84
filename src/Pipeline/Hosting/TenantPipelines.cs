using System.Collections.Concurrent;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Exporting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Models;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Scheduling;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>
/// The pipeline as a tenant has it: its files, its rows, and what is done with them. Whoever works for a tenant, as the API does for each
/// request, has this and nothing else of the pipeline, and can't reach what is another's.
/// </summary>
public sealed class TenantPipeline
{
    internal TenantPipeline(
        Tenant tenant, IBlobStore store, IPipelineIndex index, JobService jobs, Estimator estimator, WebhookService webhooks,
        TimeProvider time)
    {
        Tenant = tenant;
        Store = store.For(tenant);
        Index = index.For(tenant);
        // Whoever runs the pipeline, runs the keys and quotas of all.
        Keys = tenant.IsDefault ? index.Keys : Index.Keys;
        Quotas = tenant.IsDefault ? index.Quotas : Index.Quotas;
        Jobs = jobs.For(tenant);
        Results = new JobResults(Store);
        Export = new ResultExport(Store, Index.Jobs, Results);
        Schedules = new ScheduleService(Store, Index, estimator.For(tenant), Jobs, time);
        Webhooks = webhooks;
        Models = new ModelRegistry(Store, Index.Caches.For(tenant));
        Files = new UploadedFiles(Store, Index.Batches, time);
        Batches = new BatchService(Index.Batches, Index.Jobs, Jobs, time);
    }

    /// <summary>Whose it is.</summary>
    public Tenant Tenant { get; }

    /// <summary>The tenant's storage root.</summary>
    public IBlobStore Store { get; }

    /// <summary>The tenant's rows.</summary>
    public IPipelineIndex Index { get; }

    /// <summary>The tenant's keys; for the default tenant those of all.</summary>
    public IKeyIndex Keys { get; }

    /// <summary>What the tenant may have and has; for the default tenant that of all.</summary>
    public IQuotaIndex Quotas { get; }

    /// <summary>Takes, cancels and retries jobs.</summary>
    public JobService Jobs { get; }

    /// <summary>Reads their results.</summary>
    public JobResults Results { get; }

    /// <summary>Shows results as tables.</summary>
    public ResultExport Export { get; }

    /// <summary>Makes, changes and runs schedules.</summary>
    public ScheduleService Schedules { get; }

    /// <summary>Makes and removes webhooks.</summary>
    public WebhookService Webhooks { get; }

    /// <summary>The models that requests can name.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Files of the OpenAI-shaped door.</summary>
    public UploadedFiles Files { get; }

    /// <summary>Batches of the OpenAI-shaped door.</summary>
    public BatchService Batches { get; }
}

/// <summary>The pipeline as each tenant has it, made when the tenant is first asked for.</summary>
public sealed class TenantPipelines(
    IBlobStore store, IPipelineIndex index, JobService jobs, Estimator estimator, WebhookOptions webhooks, TimeProvider time,
    ILogger<WebhookService> log) : IDisposable
{
    readonly ConcurrentDictionary<Tenant, Lazy<TenantPipeline>> _known = new();

    /// <summary>A tenant's.</summary>
    public TenantPipeline Of(Tenant tenant) =>
        _known.GetOrAdd(tenant, t => new Lazy<TenantPipeline>(() => Make(t))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<TenantPipeline> known in _known.Values.Where(k => k.IsValueCreated)) known.Value.Webhooks.Dispose();
    }

    TenantPipeline Make(Tenant tenant) =>
        new(tenant, store, index, jobs, estimator, new WebhookService(store, index.For(tenant).Webhooks, webhooks, time, log), time);
}

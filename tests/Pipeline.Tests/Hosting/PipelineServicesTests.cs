using System.Diagnostics;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Reconciling;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Working;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Pipeline.Tests.Hosting;

public sealed class PipelineServicesTests
{
    // Nobody listens on the port "discard".
    const string Away =
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a;";

    static readonly ServiceProviderOptions s_strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    static IServiceCollection Services() => new ServiceCollection().AddLogging()
        .AddDiffusionBatchPipeline(c => (c.Storage, c.Index) = (Away, Path.Combine(Path.GetTempPath(), "no-such-folder", "index.db")));

    [Fact]
    public async Task All_services_can_be_made_without_a_worker_and_with_one()
    {
        await using ServiceProvider without = Services().BuildServiceProvider(s_strict);
        Assert.Null(without.GetService<Worker>());
        await using ServiceProvider with = Services().AddDiffusionBatchWorker().AddSingleton<IJobTasks>(new FakeTasks())
            .BuildServiceProvider(s_strict);
        Assert.NotNull(with.GetService<Worker>());
    }

    [Fact]
    public async Task Making_them_opens_nothing()
    {
        await using ServiceProvider services = Services().BuildServiceProvider(s_strict);
        long began = Stopwatch.GetTimestamp();
        foreach (Type type in new[] { typeof(IBlobStore), typeof(PipelineQueues), typeof(IPipelineIndex), typeof(JobService),
            typeof(TenantPipelines), typeof(ControlHandler), typeof(OutboxRelay), typeof(Reconciler) })
            Assert.NotNull(services.GetService(type));
        // Each single call to storage that is away is tried for longer than that.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 5);
    }
}

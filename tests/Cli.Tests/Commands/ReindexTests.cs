using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Restoring;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class ReindexTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_back_is_counted_and_what_could_not_is_told()
    {
        await using Azurite azurite = await Azurite.StartAsync();
        await using (ServiceProvider services = new ServiceCollection().AddLogging()
            .AddDiffusionBatchPipeline(c => (c.Storage, c.Container, c.Index) = (azurite.Connection, "kept",
                Path.Combine(_folder.Path, "old.db"))).BuildServiceProvider())
        {
            var index = services.GetRequiredService<IPipelineIndex>();
            await index.Keys.AddAsync(new KeyRow { Id = "key_1", Name = "ci", Role = KeyRole.Submit, Hash = "aa" }, Cancel);
            var webhooks = services.GetRequiredService<WebhookService>();
            await webhooks.AddAsync("https://example.com/hook", WebhookEvents.End, Cancel);
            (WebhookRow mute, _) = await webhooks.AddAsync("https://example.com/mute", WebhookEvents.End, Cancel);
            Assert.Equal(3, await services.GetRequiredService<RecordBackup>().SaveAsync(Cancel));
            await services.GetRequiredService<IBlobStore>().DeleteAsync($".dbatch/webhooks/{mute.Id}", BlobCondition.None, Cancel);
        }
        string[] command = ["reindex", "--storage", azurite.Connection, "--container", "kept", "--index", "new.db"];
        var first = await Dbatch.RunAsync(_folder.Path, command);
        Assert.True(first.ExitCode == 0, first.Error);
        foreach (string said in (string[])["0 jobs entered, 0 were there", "1 webhooks entered", "1 keys entered",
            "its secret is gone from the storage; make the webhook anew", "revoked within 20 s"])
            Assert.Contains(said, first.Error, StringComparison.Ordinal);
        Assert.Contains("0 keys entered, 1 were there", (await Dbatch.RunAsync(_folder.Path, command)).Error, StringComparison.Ordinal);
    }
}

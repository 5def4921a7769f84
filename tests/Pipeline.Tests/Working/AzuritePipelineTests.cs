using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Storage;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>The same on blobs and queues of the emulator.</summary>
public sealed class AzuritePipelineTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_pipeline_makes_the_same_files_as_dbatch_run()
    {
        using var undisturbed = new TestRoot();
        await undisturbed.Run(WorkerTests.Pipeline(), new FakeTasks());
        await using PipelineRig rig = await RigAsync();
        JobRow job = await rig.RunAsync(WorkerTests.Pipeline(), new FakeTasks());
        Assert.True(job.State == JobState.Completed, $"{job.State} {job.Error} {string.Join("\n", rig.Logger.Lines)}");
        await SameAsync(undisturbed, rig, "models/f", "results/s", "reports/e");
        foreach (JobRow child in await rig.Index.Jobs.ChildrenAsync(job.Id))
            Assert.Equal(OutputManifest.Read(undisturbed.Path(child.Output))!.Fingerprint, child.Fingerprint);
    }

    async Task<PipelineRig> RigAsync()
    {
        string connection = await azurite.ConnectAsync(), name = "t" + Guid.NewGuid().ToString("N");
        var container = new BlobContainerClient(connection, name);
        await container.CreateAsync();
        PipelineQueues queues = PipelineQueues.Of(queue =>
        {
            var client = new QueueClient(connection, $"{name[..20]}-{queue}",
                new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
            client.CreateIfNotExists();
            return new AzureWorkQueue(client);
        });
        var rig = new PipelineRig(new AzureBlobStore(container), queues);
        foreach (string file in Directory.EnumerateFiles(rig.Root.Folder, "*", SearchOption.AllDirectories))
            await rig.Store.WriteAsync(Path.GetRelativePath(rig.Root.Folder, file), new MemoryStream(await File.ReadAllBytesAsync(file)),
                BlobCondition.None, default);
        return rig;
    }

    static async Task SameAsync(TestRoot expected, PipelineRig rig, params string[] folders)
    {
        foreach (string folder in folders)
        {
            var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (BlobEntry blob in rig.Store.ListAsync(folder + "/", default))
            {
                if (blob.Name.EndsWith("/manifest.json", StringComparison.Ordinal)) continue;
                var bytes = new MemoryStream();
                await using Stream content = (await rig.Store.OpenReadAsync(blob.Name, 0, default))!;
                await content.CopyToAsync(bytes);
                found[blob.Name[(folder.Length + 1)..]] = Convert.ToHexString(bytes.ToArray());
            }
            Assert.Equal(expected.Files(folder), found);
        }
    }
}

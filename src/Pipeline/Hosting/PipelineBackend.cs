using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>Opens what a connection names; what can be made and isn't there is made.</summary>
internal static class PipelineBackend
{
    /// <summary>The storage root.</summary>
    public static IBlobStore Store(PipelineConnection connection, TimeProvider time)
    {
        if (connection.Folder is { Length: > 0 } folder) return new FolderBlobStore(folder, time);
        BlobContainerClient container = StorageAccount.Container(connection);
        container.CreateIfNotExists();
        return new AzureBlobStore(container);
    }

    /// <summary>The queues.</summary>
    public static PipelineQueues Queues(PipelineConnection connection, TimeProvider time) => PipelineQueues.Of(name =>
    {
        if (connection.Folder is { Length: > 0 }) return new MemoryWorkQueue(time);
        QueueClient queue = StorageAccount.Queue(connection, name);
        queue.CreateIfNotExists();
        return new AzureWorkQueue(queue);
    });

    /// <summary>The index.</summary>
    public static IPipelineIndex Index(PipelineConnection connection, TimeProvider time) => new SqlPipelineIndex(
        connection.IsPostgres ? new PostgresDialect(connection.Index, connection.IndexByIdentity ? AzureIdentity.Of(connection) : null) : new SqliteDialect(connection.Index),
        time);
}

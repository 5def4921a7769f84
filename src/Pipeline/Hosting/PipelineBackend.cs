using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>What a connection names. Nothing is opened or made before it is used: a process starts while storage or index are away.</summary>
internal static class PipelineBackend
{
    /// <summary>The storage root.</summary>
    public static IBlobStore Store(PipelineConnection connection, TimeProvider time) => connection.Folder is { Length: > 0 } folder
        ? new FolderBlobStore(folder, time)
        : new AzureBlobStore(new BlobContainerClient(connection.Storage, connection.Container));

    /// <summary>The queues.</summary>
    public static PipelineQueues Queues(PipelineConnection connection, TimeProvider time) => PipelineQueues.Of(name => connection.Folder is { Length: > 0 }
        ? new MemoryWorkQueue(time)
        : new AzureWorkQueue(new QueueClient(connection.Storage, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 })));

    /// <summary>The index.</summary>
    public static IPipelineIndex Index(PipelineConnection connection, TimeProvider time) =>
        new SqlPipelineIndex(connection.IsPostgres ? new PostgresDialect(connection.Index) : new SqliteDialect(connection.Index), time);
}

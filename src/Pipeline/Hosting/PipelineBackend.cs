using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>
/// What a connection names. Nothing is opened or made before it is used: a process starts while storage or index are away.
/// </summary>
internal static class PipelineBackend
{
    /// <summary>The storage root.</summary>
    public static IBlobStore Store(PipelineConnection connection, TimeProvider time) => connection.Folder is { Length: > 0 } folder
        ? new FolderBlobStore(folder, time)
        : new AzureBlobStore(StorageAccount.Container(connection));

    /// <summary>The queues.</summary>
    public static PipelineQueues Queues(PipelineConnection connection, TimeProvider time)
    {
        if (connection.Folder is { Length: > 0 }) return PipelineQueues.Of(_ => new MemoryWorkQueue(time));
        QueueBell? bell = connection.Bell is { Length: > 0 } file ? new QueueBell(file) : null;
        return PipelineQueues.Of(name => new AzureWorkQueue(StorageAccount.Queue(connection, name)), bell);
    }

    /// <summary>The index.</summary>
    public static IPipelineIndex Index(PipelineConnection connection, TimeProvider time) => new SqlPipelineIndex(
        connection.IsPostgres
            ? new PostgresDialect(connection.Index, connection.IndexByIdentity ? AzureIdentity.Of(connection) : null)
            : new SqliteDialect(connection.Index),
        time);
}

using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace DiffusionBatch.Pipeline.Hosting;

/// <summary>
/// The clients of the storage account that a connection names: by its connection string, or by its address and an identity.
/// </summary>
internal static class StorageAccount
{
    const string BlobLabel = ".blob.", QueueLabel = ".queue.";

    // Bodies in Base64, so that any text passes; Functions' triggers expect it.
    static readonly QueueClientOptions s_queues = new() { MessageEncoding = QueueMessageEncoding.Base64 };

    /// <summary>The container that is the storage root.</summary>
    public static BlobContainerClient Container(PipelineConnection connection) => IsAddress(connection.Storage)
        ? new BlobContainerClient(Within(connection.Storage!, connection.Container), AzureIdentity.Of(connection))
        : new BlobContainerClient(connection.Storage, connection.Container);

    /// <summary>A queue.</summary>
    public static QueueClient Queue(PipelineConnection connection, string name) => IsAddress(connection.Storage)
        ? new QueueClient(Within(connection.Queues ?? QueuesOf(connection.Storage!)!, name), AzureIdentity.Of(connection), s_queues)
        : new QueueClient(connection.Storage, name, s_queues);

    /// <summary>Whether a setting is an address rather than a connection string.</summary>
    public static bool IsAddress(string? storage) => storage is not null
        && (storage.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || storage.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

    /// <summary>The address of an account's queues, from its blobs'; null where it doesn't follow.</summary>
    public static string? QueuesOf(string blobs) => new Uri(blobs).Host.Contains(BlobLabel, StringComparison.OrdinalIgnoreCase)
        ? blobs.Replace(BlobLabel, QueueLabel, StringComparison.OrdinalIgnoreCase) : null;

    /// <summary>What is wrong with an address of the account; null where it is one.</summary>
    public static string? Objection(string address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            ? $"\"{address}\" is no address; https://NAME.blob.core.windows.net is expected."
        : uri.Scheme != Uri.UriSchemeHttps ? $"\"{address}\" must begin with https://: an identity's token is sent to it."
        : uri.Query.Length > 0 ? "An address takes no SAS or other query; give the address alone (an identity signs in), or a "
            + "connection string."
        : null;

    static Uri Within(string address, string name) => new($"{address.TrimEnd('/')}/{name}");
}

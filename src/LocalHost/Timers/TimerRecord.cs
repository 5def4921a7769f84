using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace DiffusionBatch.LocalHost.Timers;

/// <summary>
/// When a timer ran last, kept in the app's storage where Functions keeps it, so that a time that passed while nothing ran is made up for.
/// </summary>
/// <param name="Last">The time that it ran for last; the default where it never did.</param>
/// <param name="Next">The time that it runs for next.</param>
/// <param name="LastUpdated">When this was written.</param>
internal sealed record TimerRecord(DateTime Last, DateTime Next, DateTime LastUpdated)
{
    /// <summary>Where a function's record lies.</summary>
    /// <exception cref="FormatException">That is no connection string.</exception>
    public static BlobClient Blob(string connection, string hostId, string function) =>
        new BlobContainerClient(connection, "azure-webjobs-hosts").GetBlobClient($"timers/{hostId}/Host.Functions.{function}/status");

    /// <summary>Reads one; null where there is none, or none that can be read.</summary>
    /// <exception cref="RequestFailedException">The storage can't be reached.</exception>
    public static async Task<TimerRecord?> ReadAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<TimerRecord>((await blob.DownloadContentAsync(cancellationToken)).Value.Content);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="RequestFailedException">The storage can't be reached.</exception>
    public async Task WriteAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        var content = BinaryData.FromObjectAsJson(this);
        try
        {
            await blob.UploadAsync(content, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await blob.GetParentBlobContainerClient().CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(content, overwrite: true, cancellationToken);
        }
    }
}

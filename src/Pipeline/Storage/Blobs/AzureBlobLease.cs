using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>A lease on an empty blob that exists for nothing else.</summary>
internal sealed class AzureBlobLease(BlobLeaseClient lease) : IBlobLease
{
    /// <summary>Takes it; null while another holds it.</summary>
    public static async Task<IBlobLease?> TakeAsync(BlockBlobClient blob, TimeSpan duration, CancellationToken cancellationToken)
    {
        BlobLeaseClient lease = blob.GetBlobLeaseClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
                return new AzureBlobLease(lease);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == 404 && attempt == 0)
            {
                await CreateAsync(blob, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(CancellationToken cancellationToken) => AzureFailures.Translate("renew a lease", async () =>
    {
        try
        {
            await lease.RenewAsync(cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await lease.ReleaseAsync();
        }
        catch (RequestFailedException)
        {
            // It lapsed, or it will: nothing depends on the release.
        }
    }

    static async Task CreateAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(Stream.Null, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Another made it at the same moment.
        }
    }
}

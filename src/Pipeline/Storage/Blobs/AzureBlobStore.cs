using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace DiffusionBatch.Pipeline.Storage.Blobs;

/// <summary>Blobs in one container of an Azure storage account, or of Azurite.</summary>
/// <param name="container">The container; the first write makes it where it doesn't exist, and until then there are no blobs.</param>
public sealed class AzureBlobStore(BlobContainerClient container) : IBlobStore
{
    /// <summary>What is written at once; longer content goes up in blocks of this size.</summary>
    internal const int BlockBytes = 8 << 20;

    /// <inheritdoc/>
    public Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) =>
        AzureFailures.Translate($"look for the blob {name}", () => FindCoreAsync(name, cancellationToken));

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string name, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return AzureFailures.Translate($"read the blob {name}", async () =>
        {
            try
            {
                // One request, so that all bytes are of one version; the client resumes it under the same tag.
                var options = new BlobDownloadOptions { Range = new HttpRange(offset) };
                return (await Client(name).DownloadStreamingAsync(options, cancellationToken)).Value.Content;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == 416)
            {
                if ((await FindCoreAsync(name, cancellationToken))?.Length == offset) return Stream.Null;
                throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The blob {name} ends before.");
            }
        });
    }

    /// <inheritdoc/>
    public async Task<BlobWrite> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        byte[] buffer = new byte[(int)Math.Min(BlockBytes, content.CanSeek ? Math.Max(content.Length - content.Position, 1) : BlockBytes)];
        int first = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (first < BlockBytes)
        {
            return await ConditionalAsync($"write the blob {name}", condition, async () =>
            {
                var options = new BlobUploadOptions { Conditions = Conditions(condition) };
                return (await Client(name).UploadAsync(new MemoryStream(buffer, 0, first), options, cancellationToken)).Value.ETag;
            }, cancellationToken);
        }
        // Blocks of our own naming: the client's are named by their place, so that two writers would mix theirs.
        string writer = Guid.NewGuid().ToString("N");
        var blocks = new List<string>();
        for (int length = first; length > 0;
            length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken))
        {
            blocks.Add($"{writer}-{blocks.Count:D6}");
            await StageAsync(name, blocks[^1], buffer.AsMemory(0, length), cancellationToken);
        }
        return await CommitAsync(name, blocks, condition, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StageAsync(string name, string block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        BlockId.Demand(block);
        return AzureFailures.Translate($"stage a block of the blob {name}", () => InContainerAsync(() =>
            Client(name).StageBlockAsync(Id(block), BinaryData.FromBytes(content).ToStream(), cancellationToken: cancellationToken),
            cancellationToken));
    }

    /// <inheritdoc/>
    public Task<BlobWrite> CommitAsync(string name, IReadOnlyList<string> blocks, BlobCondition condition,
        CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        return ConditionalAsync($"commit the blob {name}", condition, async () =>
        {
            var options = new CommitBlockListOptions { Conditions = Conditions(condition) };
            return (await Client(name).CommitBlockListAsync(blocks.Select(Id), options, cancellationToken)).Value.ETag;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        if (condition.IsAbsent) return false;
        return await AzureFailures.Translate($"delete the blob {name}", async () =>
        {
            try
            {
                return (await Client(name)
                    .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, Conditions(condition), cancellationToken)).Value;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                return false;
            }
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<Page<BlobItem>> pages =
            container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).AsPages()
                .GetAsyncEnumerator(cancellationToken);
        while (await AzureFailures.Translate($"list the blobs {prefix}*", () => AnotherAsync(pages)))
            foreach (BlobItem blob in pages.Current.Values)
                if (!blob.Name.StartsWith(BlobName.Reserved + "/", StringComparison.Ordinal))
                    yield return new BlobEntry(blob.Name, blob.Properties.ContentLength ?? 0, Tag(blob.Properties.ETag!.Value),
                        blob.Properties.LastModified!.Value);
    }

    /// <inheritdoc/>
    public Task<IBlobLease?> LeaseAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        BlobName.Demand(name);
        return AzureFailures.Translate($"lease {name}", () => InContainerAsync(() =>
            AzureBlobLease.TakeAsync(container.GetBlockBlobClient($"{BlobName.Reserved}/leases/{name}"), duration, cancellationToken),
            cancellationToken));
    }

    async Task<BlobWrite> ConditionalAsync(string what, BlobCondition condition, Func<Task<ETag>> write,
        CancellationToken cancellationToken) =>
        await AzureFailures.Translate(what, async () =>
        {
            try
            {
                return new BlobWrite(BlobOutcome.Written, Tag(await InContainerAsync(write, cancellationToken)));
            }
            catch (RequestFailedException e) when (condition.IsAbsent && e.Status is 409 or 412)
            {
                return new BlobWrite(BlobOutcome.Exists, null);
            }
            catch (RequestFailedException e) when (condition.Tag is not null && e.Status is 412 or 404)
            {
                return new BlobWrite(BlobOutcome.Changed, null);
            }
        });

    /// <summary>
    /// Writes; makes the container first where it turns out to be missing. Where it exists nobody needs the right to make one.
    /// </summary>
    async Task<T> InContainerAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await write();
        }
    }

    static async Task<bool> AnotherAsync(IAsyncEnumerator<Page<BlobItem>> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
    }

    static BlobRequestConditions Conditions(BlobCondition condition) => new()
    {
        IfNoneMatch = condition.IsAbsent ? ETag.All : null,
        IfMatch = condition.Tag is { } tag ? new ETag(tag) : null,
    };

    // Responses give the tag with its quotes or without.
    static string Tag(ETag tag) => tag.ToString("G").Trim('"');

    static string Id(string block) => Convert.ToBase64String(Encoding.ASCII.GetBytes(block.PadRight(BlockId.MaxLength)));

    async Task<BlobEntry?> FindCoreAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await Client(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new BlobEntry(name, found.ContentLength, Tag(found.ETag), found.LastModified);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    BlockBlobClient Client(string name)
    {
        BlobName.Demand(name);
        return container.GetBlockBlobClient(name);
    }
}

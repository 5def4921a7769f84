using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>The files of the OpenAI-shaped door.</summary>
public sealed class UploadedFiles(IBlobStore store, IBatchIndex index, TimeProvider time)
{
    /// <summary>What uploads are for.</summary>
    public const string Purpose = "batch";

    const int LongestName = 255;

    /// <summary>Stores a file's content. It is nobody's until it is entered.</summary>
    /// <param name="content">The bytes, as they come.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<StoredContent> StoreAsync(Stream content, CancellationToken cancellationToken)
    {
        string id = BatchNames.NewFile(time.GetUtcNow()), path = BatchNames.File(id);
        await store.WriteAsync(path, content, BlobCondition.None, cancellationToken);
        BlobEntry entry = await store.FindAsync(path, cancellationToken) ?? throw new IOException($"{path} is gone.");
        return new StoredContent(id, path, entry.Length);
    }

    /// <summary>Drops content that isn't entered.</summary>
    public Task DropAsync(StoredContent content, CancellationToken cancellationToken) =>
        store.DeleteAsync(content.Path, BlobCondition.None, cancellationToken);

    /// <summary>Enters stored content as a file.</summary>
    /// <exception cref="RequestRefusedException">It can't be; the content is to be dropped.</exception>
    public async Task<FileObject> EnterAsync(
        StoredContent content, string? name, string? purpose, ExpiryBody? expiry, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(purpose))
            throw new RequestRefusedException("Missing required parameter: 'purpose'.", "purpose", "missing_required_parameter");
        if (purpose != Purpose)
            throw new RequestRefusedException($"'{purpose}' is not one of ['{Purpose}'] - 'purpose'", "purpose", "invalid_value");
        if (content.Bytes == 0) throw new RequestRefusedException("File is empty.", "file", "empty_file");
        if (string.IsNullOrEmpty(name) || name.Length > LongestName)
            throw new RequestRefusedException($"Invalid 'file': it needs a file name of 1 to {LongestName} characters.", "file",
                "invalid_value");
        DateTimeOffset now = time.GetUtcNow();
        var row = new FileRow
        {
            Id = content.Id,
            Name = name,
            Purpose = purpose,
            Path = content.Path,
            Bytes = content.Bytes,
            CreatedAt = now,
            ExpiresAt = BatchService.Expiry(expiry, "expires_after") is { } seconds ? now + TimeSpan.FromSeconds(seconds) : null,
        };
        await index.AddFileAsync(row, cancellationToken);
        return View(row);
    }

    /// <summary>A file.</summary>
    /// <exception cref="RequestRefusedException">404: there is none.</exception>
    public async Task<FileObject> GetAsync(string id, CancellationToken cancellationToken) =>
        View(await RowAsync(id, cancellationToken));

    /// <summary>A page of files.</summary>
    public async Task<OpenAiPage<FileObject>> ListAsync(string? purpose, PageRequest page,
        CancellationToken cancellationToken)
    {
        RowPage<FileRow> rows = await index.FilesAsync(purpose, page, cancellationToken);
        FileObject[] files = [.. rows.Rows.Select(View)];
        return new OpenAiPage<FileObject>(files, files.FirstOrDefault()?.Id, files.LastOrDefault()?.Id, rows.HasMore);
    }

    /// <summary>Deletes a file. A batch that was checked needs its file no longer.</summary>
    /// <exception cref="RequestRefusedException">404: there is none.</exception>
    public async Task<DeletedObject> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        FileRow row = await RowAsync(id, cancellationToken);
        if (!await index.RemoveFileAsync(id, cancellationToken)) throw Unknown(id);
        await store.DeleteAsync(row.Path, BlobCondition.None, cancellationToken);
        return new DeletedObject(id, "file", true);
    }

    /// <summary>Where a file lies in the store, and its name.</summary>
    /// <exception cref="RequestRefusedException">404: there is none, or its content is gone.</exception>
    public async Task<(BlobEntry Blob, string Name)> LocateAsync(string id, CancellationToken cancellationToken)
    {
        FileRow row = await RowAsync(id, cancellationToken);
        return (await store.FindAsync(row.Path, cancellationToken) ?? throw Unknown(id), row.Name);
    }

    async Task<FileRow> RowAsync(string id, CancellationToken cancellationToken) =>
        await index.FileAsync(id, cancellationToken) ?? throw Unknown(id);

    static RequestRefusedException Unknown(string id) => new($"No such File object: {id}", "id", null, 404);

    static FileObject View(FileRow row) =>
        new(row.Id, row.Bytes, row.CreatedAt.ToUnixTimeSeconds(), row.ExpiresAt?.ToUnixTimeSeconds(), row.Name, row.Purpose);
}

/// <summary>A file's content that is stored and not entered yet.</summary>
/// <param name="Id">The file's id to be.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its length.</param>
public sealed record StoredContent(string Id, string Path, long Bytes);

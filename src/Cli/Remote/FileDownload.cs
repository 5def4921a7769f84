using System.Net;
using System.Security.Cryptography;
using System.Text;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Remote;

/// <summary>
/// Downloads a file: whole, or not at all. Where an earlier download of the same version broke off, only the rest is asked for; the
/// server answers with the whole file where it is another version by now (RFC 9110, If-Range).
/// </summary>
internal static class FileDownload
{
    /// <summary>Downloads.</summary>
    /// <param name="client">The server.</param>
    /// <param name="file">The file as the server lists it.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="cancellationToken">Breaks it off; what is here already stays for the next time.</param>
    public static async Task RunAsync(ApiClient client, FileView file, string path, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // A name of its own, as the file's may be as long as the disk takes: one for each version, so that two are never mixed.
        string prefix = $".{Digest(Path.GetFileName(path))}-", part = Path.Combine(folder, $"{prefix}{Digest(file.Etag)}.part");
        foreach (string old in Directory.GetFiles(folder, $"{prefix}*.part"))
            if (old != part) File.Delete(old);
        try
        {
            if (Length(part) != file.Length || file.Length == 0) await FetchAsync(client, file, part, cancellationToken);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is not (RemoteException or OperationCanceledException))
        {
            // It can't be kept here, for want of room say: then none of it is.
            File.Delete(part);
            throw;
        }
    }

    static async Task FetchAsync(ApiClient client, FileView file, string part, CancellationToken cancellationToken)
    {
        long from = Length(part) is var there && there < file.Length ? there : 0;
        using HttpResponseMessage answer = await client.OpenFileAsync(file, from, cancellationToken);
        bool isRest = answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == from;
        await using var to = new FileStream(part, isRest ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        await client.CopyAsync(answer, to, cancellationToken);
    }

    static long Length(string part) => new FileInfo(part) is { Exists: true, Length: var length } ? length : 0;

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Cli.Remote;

/// <summary>
/// Uploads what a manifest reads from a local root: files, and folders file by file; what other jobs of it write, and hidden entries (work
/// in progress), are left out.
/// </summary>
internal static class ManifestUpload
{
    /// <summary>Uploads the files, and returns how many there were.</summary>
    /// <exception cref="Pipeline.Problems.ProblemsException">The manifest has problems; nothing was sent.</exception>
    public static async Task<int> RunAsync(
        ApiClient client, Screen screen, string manifest, string root, CancellationToken cancellationToken)
    {
        string[] files = [.. Files(ManifestReader.Read(manifest, root).Require(), root)];
        Problem[] unfit = [.. from path in files let why = BlobName.Refusal(path) where why
            is not null select Problem.OfFile(path, $"the file's name can't be kept by the server: {why}")];
        if (unfit.Length > 0) throw new ProblemsException(unfit);
        foreach (string path in files)
        {
            await client.UploadAsync(path, Path.Combine(root, path), cancellationToken);
            screen.Note($"dbatch: uploaded {path}");
        }
        return files.Length;
    }

    /// <summary>The files that a manifest reads, relative to the root, in ordinal order.</summary>
    internal static IEnumerable<string> Files(JobManifest manifest, string root)
    {
        WorkManifest[] jobs = [.. JobGraph.Of(manifest).Nodes.Select(n => n.Job)];
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (PathField field in jobs.SelectMany(PathFields.Of))
        {
            string full = Path.Combine(root, field.Path);
            if (field.Role == PathRole.Output
                || jobs.Any(j => field.Path == j.Output || field.Path.StartsWith(j.Output + "/", StringComparison.Ordinal)))
                continue;
            if (File.Exists(full)) files.Add(field.Path);
            else if (Directory.Exists(full)) files.UnionWith(Inside(full, field.Path).Select(name => $"{field.Path}/{name}"));
        }
        return files;
    }

    static IReadOnlyList<string> Inside(string full, string path)
    {
        try
        {
            return FolderFiles.Names(full, path);
        }
        catch (IOException e)
        {
            throw new ProblemsException(Problem.OfFile(path, e.Message));
        }
    }
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Fetches what jobs have written.</summary>
internal static class JobFiles
{
    /// <summary>
    /// Fetches the files of a job's output folder into a folder; of a pipeline, each job's into a folder of the job's name.
    /// </summary>
    /// <returns>The files.</returns>
    public static async Task<IReadOnlyList<string>> FetchAsync(
        ApiClient client, JobView job, string folder, CancellationToken cancellationToken)
    {
        if (job.Jobs is null) return await FetchAsync(client, job.Output!, folder, cancellationToken);
        var files = new List<string>();
        foreach (JobView child in job.Jobs)
            files.AddRange(await FetchAsync(client, child.Output!, Path.Combine(folder, child.Name), cancellationToken));
        return files;
    }

    /// <summary>Fetches all files below a path.</summary>
    /// <returns>The files.</returns>
    public static async Task<IReadOnlyList<string>> FetchAsync(
        ApiClient client, string path, string folder, CancellationToken cancellationToken)
    {
        var fetched = new List<string>();
        folder = RealPath.Full(folder);
        foreach (FileView file in await client.FilesAsync(path + "/", cancellationToken))
        {
            string local = Path.Combine(folder, file.Path[(path.Length + 1)..]);
            // Names come from a server: none may lead out of the folder.
            if (BlobName.Refusal(file.Path) is not null)
                throw new RemoteException($"{client.Server} lists the file {file.Path}, which leaves {folder}", ExitCodes.Failed);
            await FileDownload.RunAsync(client, file, local, cancellationToken);
            fetched.Add(local);
        }
        return fetched;
    }
}

using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Remote;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Demo;

/// <summary>
/// Runs the demo on a pipeline of its own: starts Azurite, the API and two workers, submits, watches, fetches the files, and stops all of
/// it however it ends.
/// </summary>
internal static class DemoPipeline
{
    const int Workers = 2;

    // What the processes say while all goes well is not the demo's subject; its end is shown where something went wrong.
    const int KeptLines = 40;

    /// <summary>Runs the manifest; returns the exit code.</summary>
    /// <param name="screen">The screen.</param>
    /// <param name="manifest">The manifest's file.</param>
    /// <param name="root">The demo's folder: it has the data, and takes what the jobs write.</param>
    /// <param name="cancellationToken">Stops it; the pipeline's state is kept and a demo run again goes on.</param>
    public static async Task<int> RunAsync(Screen screen, string manifest, string root, CancellationToken cancellationToken)
    {
        var log = new Queue<string>();
        void Keep(string line)
        {
            lock (log)
            {
                log.Enqueue(line);
                if (log.Count > KeptLines) log.Dequeue();
            }
        }
        var options = new LocalOptions(Path.Combine(root, "pipeline")) { Workers = Workers, Port = 0 };
        try
        {
            LocalPipeline pipeline = await LocalPipeline.StartAsync(
                options, line => screen.Note($"dbatch: {line}"), Keep, cancellationToken);
            await using (pipeline)
            {
                screen.Note($"dbatch: Azurite, the API at {pipeline.Url} and {Workers} workers are up");
                using var client = new ApiClient(pipeline.Url, null);
                int code = await SubmitAsync(screen, client, pipeline, manifest, root, cancellationToken);
                if (code != ExitCodes.Done) Show(screen, log);
                return code;
            }
        }
        catch (Exception e) when (e is RemoteException or UserException)
        {
            Show(screen, log);
            throw;
        }
    }

    static async Task<int> SubmitAsync(
        Screen screen, ApiClient client, LocalPipeline pipeline, string manifest, string root, CancellationToken cancellationToken)
    {
        await ManifestUpload.RunAsync(client, screen, manifest, root, cancellationToken);
        JobView job = await client.SubmitAsync(
            await File.ReadAllBytesAsync(manifest, cancellationToken), isYaml: false, "", null, cancellationToken);
        screen.Note($"dbatch: submitted {job.Id}");
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<JobView> ended = Following.ToEndAsync(screen, client, job.Id, watching.Token);
        if (await Task.WhenAny(ended, pipeline.Broken) != ended)
        {
            await watching.CancelAsync();
            throw new RemoteException("Azurite has ended before the jobs did", ExitCodes.Failed);
        }
        job = await ended;
        JobText.Tell(screen, job);
        screen.Data(JobText.Table(job.Jobs!));
        if (!job.State.IsFinished()) return JobText.ExitCode(job, strict: false);
        foreach (string path in (string[])[DemoManifest.Model, DemoManifest.Results, DemoManifest.Report])
            await JobFiles.FetchAsync(client, path, Path.Combine(root, path), cancellationToken);
        return ExitCodes.Done;
    }

    static void Show(Screen screen, Queue<string> log)
    {
        lock (log)
            foreach (string line in log) screen.Note(line);
    }
}

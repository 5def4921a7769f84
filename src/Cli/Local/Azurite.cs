using System.ComponentModel;
using DiffusionBatch.Cli.Testing;
using DiffusionBatch.LocalHost.Processes;

namespace DiffusionBatch.Cli.Local;

/// <summary>Azurite, the storage emulator, on disk, at the version of the lock file.</summary>
internal static class Azurite
{
    const string Account = "devstoreaccount1";

    // The emulator's own well-known key, the same everywhere.
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // It writes its tables of blobs and messages when it is stopped.
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    /// <summary>Whether there is a Node.js to run it.</summary>
    public static async Task<bool> HasNodeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Tool.RunAsync("node", Environment.CurrentDirectory, ["--version"], cancellationToken)).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Installs it where that wasn't done yet.</summary>
    /// <exception cref="UserException">It can't be installed.</exception>
    public static async Task InstallAsync(string repository, Action<string> note, CancellationToken cancellationToken)
    {
        if (NodePackages.AreInstalled(repository)) return;
        note("installing Azurite, the storage emulator, from npm...");
        if (await NodePackages.InstallAsync(repository, cancellationToken) is { } why) throw new UserException(why);
    }

    /// <summary>Starts it on a folder; returns once it listens.</summary>
    /// <returns>The process and the connection string.</returns>
    /// <exception cref="UserException">It ended at once.</exception>
    public static async Task<(ChildProcess Process, string Connection)> StartAsync(
        string repository, string folder, Action<string> log, CancellationToken cancellationToken)
    {
        string script = Path.Combine(repository, "node_modules", "azurite", "dist", "src", "azurite.js");
        int blobs = Ports.Free(), queues = Ports.Free(), tables = Ports.Free();
        Directory.CreateDirectory(folder);
        string[] arguments =
        [
            script, "--location", folder, "--skipApiVersionCheck", "--silent", "--disableTelemetry",
            "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}",
        ];
        ChildProcess process = await ChildProcess.StartAsync("node", arguments, [], log, s_grace);
        try
        {
            foreach (int port in (int[])[blobs, queues])
                if (!await Ports.ListensAsync(port, process.Ended, cancellationToken))
                    throw new UserException("Azurite ended at once; its lines above say why");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return (process, $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobs}/"
            + $"{Account};QueueEndpoint=http://127.0.0.1:{queues}/{Account};");
    }
}

using System.Globalization;

namespace DiffusionBatch.Testing;

/// <summary>The storage emulator as a process on free ports; it comes from npm (package.json).</summary>
public sealed class Azurite : IAsyncDisposable
{
    const string Account = "devstoreaccount1";

    // The emulator's own well-known key, the same everywhere.
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // Much longer than it takes: machines are noisy.
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    readonly RunningProgram _process;

    Azurite(RunningProgram process, string scheme, int blobs, int queues)
    {
        _process = process;
        (Blobs, Queues) = (Address(scheme, blobs), Address(scheme, queues));
        Connection = $"DefaultEndpointsProtocol={scheme};AccountName={Account};AccountKey={Key};BlobEndpoint={Blobs};QueueEndpoint="
            + $"{Queues};";
    }

    /// <summary>The address of its blobs.</summary>
    public string Blobs { get; }

    /// <summary>The address of its queues.</summary>
    public string Queues { get; }

    /// <summary>The connection string, by the emulator's key.</summary>
    public string Connection { get; }

    /// <summary>Skips the test, or fails it where nothing may be skipped, where the emulator isn't installed.</summary>
    /// <returns>Its script.</returns>
    public static string Require()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script)) Machine.Lacks("Azurite isn't installed: run \"npm ci\" in the repository's root.");
        return script;
    }

    /// <summary>Starts one that keeps everything in memory; skips the test where it isn't installed.</summary>
    /// <param name="scheme">http, or https with the options that it needs.</param>
    /// <param name="options">Options beside those.</param>
    public static async Task<Azurite> StartAsync(string scheme = "http", params string[] options)
    {
        string script = Require();
        int blobs = Machine.FreePort(), queues = Machine.FreePort(), tables = Machine.FreePort();
        RunningProgram process = RunningProgram.Start(Path.GetTempPath(),
        [
            "node", script, "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry",
            "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}", .. options,
        ]);
        using var limit = new CancellationTokenSource(s_limit);
        while (!(await Machine.ListensAsync(blobs) && await Machine.ListensAsync(queues)))
        {
            Assert.False(process.HasEnded, $"Azurite didn't start:\n{process.Output}");
            await Task.Delay(50, limit.Token);
        }
        return new Azurite(process, scheme, blobs, queues);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    static string Address(string scheme, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}/{Account}");
}

/// <summary>The storage emulator, one for all tests of a project: started by the first that needs it and stopped at the end.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1, 1);
    Azurite? _azurite;

    /// <summary>The running emulator's connection string.</summary>
    public async Task<string> ConnectAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _azurite ??= await Azurite.StartAsync();
            return _azurite.Connection;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null) await _azurite.DisposeAsync();
        _gate.Dispose();
    }
}

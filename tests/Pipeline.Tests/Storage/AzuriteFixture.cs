using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DiffusionBatch.Pipeline.Tests.Storage;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DiffusionBatch.Pipeline.Tests.Storage;

/// <summary>
/// The storage emulator, one for all tests, started by the first that needs it and stopped at the end. It comes from
/// npm (package.json); where it or Node.js is absent, tests that need it skip aloud, or fail under DBATCH_TEST_REQUIRE=all.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    const string Account = "devstoreaccount1";

    // The emulator's own well-known key, the same everywhere.
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    readonly SemaphoreSlim _gate = new(1, 1);
    Process? _process;
    string? _connection;

    /// <summary>The running emulator's connection string.</summary>
    public async Task<string> ConnectAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _connection ??= await StartAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task<string> StartAsync()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script)) Absent("Azurite isn't installed: run \"npm ci\" in the repository's root.");
        int blobs = FreePort(), queues = FreePort(), tables = FreePort();
        var output = new StringBuilder();
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                script, "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry",
                "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}",
            },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => output.AppendLine(e.Data);
        _process.ErrorDataReceived += (_, e) => output.AppendLine(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (int wait = 0; !(await Listens(blobs) && await Listens(queues)); wait++)
        {
            Assert.True(wait < 600 && !_process.HasExited, $"Azurite didn't start:\n{output}");
            await Task.Delay(100);
        }
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobs}/{Account};QueueEndpoint=http://127.0.0.1:{queues}/{Account};";
    }

    static void Absent(string why)
    {
        if (Environment.GetEnvironmentVariable("DBATCH_TEST_REQUIRE") == "all") Assert.Fail(why);
        Assert.Skip(why);
    }

    static async Task<bool> Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace DiffusionBatch.Infra.Tests.Running;

/// <summary>
/// The storage emulator as an account in Azure is: over HTTPS, taking tokens (whose lifetime, issuer and audience it checks). The test
/// itself goes in by the emulator's key.
/// </summary>
internal sealed class SecureAzurite : IAsyncDisposable
{
    const string Account = "devstoreaccount1";

    // The emulator's own well-known key, the same everywhere.
    const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    readonly Command _process;
    readonly HttpClientTransport _transport;
    readonly string _connection;

    SecureAzurite(Command process, string certificate, int blobs, int queues)
    {
        (_process, Certificate) = (process, certificate);
        (Blobs, Queues) = ($"https://127.0.0.1:{blobs}/{Account}", $"https://127.0.0.1:{queues}/{Account}");
        _connection = $"DefaultEndpointsProtocol=https;AccountName={Account};AccountKey={Key};BlobEndpoint={Blobs};QueueEndpoint={Queues};";
        string own = X509CertificateLoader.LoadCertificateFromFile(certificate).Thumbprint;
        _transport = new HttpClientTransport(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == own });
    }

    /// <summary>Its certificate, which it signed itself: a PEM file.</summary>
    public string Certificate { get; }

    /// <summary>The address of its blobs.</summary>
    public string Blobs { get; }

    /// <summary>The address of its queues.</summary>
    public string Queues { get; }

    /// <summary>Starts one; skips the test where Azurite isn't installed.</summary>
    /// <param name="folder">Takes its certificate.</param>
    public static async Task<SecureAzurite> StartAsync(string folder)
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script)) Machine.Lacks("Azurite isn't installed: run \"npm ci\" in the repository's root.");
        string certificate = Path.Combine(folder, "azurite.pem"), key = Path.Combine(folder, "azurite.key");
        WriteCertificate(certificate, key);
        int blobs = Machine.FreePort(), queues = Machine.FreePort(), tables = Machine.FreePort();
        Command process = Command.Start(folder,
        [
            "node", script, "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry", "--oauth", "basic", "--cert", certificate, "--key", key,
            "--blobPort", $"{blobs}", "--queuePort", $"{queues}", "--tablePort", $"{tables}",
        ]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await Listens(blobs) && await Listens(queues)))
        {
            Assert.False(process.HasEnded, $"Azurite didn't start:\n{process.Output}");
            await Task.Delay(50, limit.Token);
        }
        return new SecureAzurite(process, certificate, blobs, queues);
    }

    /// <summary>A container.</summary>
    public BlobContainerClient Container(string name) => new(_connection, name, new BlobClientOptions { Transport = _transport });

    /// <summary>A queue.</summary>
    public QueueClient Queue(string name) => new(_connection, name, new QueueClientOptions { Transport = _transport, MessageEncoding = QueueMessageEncoding.Base64 });

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    static void WriteCertificate(string certificate, string key)
    {
        using var pair = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", pair, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
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
}

using System.Net;
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
    readonly Azurite _azurite;
    readonly HttpClientTransport _transport;

    SecureAzurite(Azurite azurite, string certificate)
    {
        (_azurite, Certificate) = (azurite, certificate);
        string own = X509CertificateLoader.LoadCertificateFromFile(certificate).Thumbprint;
        _transport = new HttpClientTransport(
            new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == own });
    }

    /// <summary>Its certificate, which it signed itself: a PEM file.</summary>
    public string Certificate { get; }

    /// <summary>The address of its blobs.</summary>
    public string Blobs => _azurite.Blobs;

    /// <summary>The address of its queues.</summary>
    public string Queues => _azurite.Queues;

    /// <summary>Starts one; skips the test where Azurite isn't installed.</summary>
    /// <param name="folder">Takes its certificate.</param>
    public static async Task<SecureAzurite> StartAsync(string folder)
    {
        string certificate = Path.Combine(folder, "azurite.pem"), key = Path.Combine(folder, "azurite.key");
        WriteCertificate(certificate, key);
        return new SecureAzurite(await Azurite.StartAsync("https", "--oauth", "basic", "--cert", certificate, "--key", key), certificate);
    }

    /// <summary>A container.</summary>
    public BlobContainerClient Container(string name) => new(_azurite.Connection, name, new BlobClientOptions { Transport = _transport });

    /// <summary>A queue.</summary>
    public QueueClient Queue(string name) =>
        new(_azurite.Connection, name, new QueueClientOptions { Transport = _transport, MessageEncoding = QueueMessageEncoding.Base64 });

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

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
}

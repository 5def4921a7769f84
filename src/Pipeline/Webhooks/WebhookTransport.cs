using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DiffusionBatch.Pipeline.Webhooks;

/// <summary>
/// Posts to webhooks. Where private addresses aren't allowed, the address that a name has at the moment of connecting is what counts, so
/// that a name that is public first and private then gets nothing. Answers that lead elsewhere aren't followed.
/// </summary>
internal sealed class WebhookTransport : IDisposable
{
    const string Allow = "the setting Webhooks__AllowPrivate=true allows others";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    readonly bool _allowPrivate;
    readonly HttpClient _http;

    /// <param name="allowPrivate">Whether loopback, private and link-local addresses may be connected to.</param>
    public WebhookTransport(bool allowPrivate)
    {
        _allowPrivate = allowPrivate;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // Each connection is checked, and a pooled one is soon made anew.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = s_patience,
            MaxResponseContentBufferSize = 1 << 16,
        };
    }

    /// <summary>What is wrong with a URL, as far as it can be told by looking at it; null where nothing is.</summary>
    public string? Refusal(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            return "expected an http or https URL";
        if (uri.UserInfo.Length > 0) return "expected a URL without a user's name or password";
        if (_allowPrivate) return null;
        bool isLocal = uri.IsLoopback || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (isLocal || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && !PublicAddress.IsPublic(address)))
            return "expected an address of the public Internet; " + Allow;
        return null;
    }

    /// <summary>Posts a body.</summary>
    /// <returns>The answer's status.</returns>
    /// <exception cref="HttpRequestException">There was none.</exception>
    public async Task<int> PostAsync(
        string url, string body, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)answer.StatusCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] all = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress[] allowed = _allowPrivate ? all : Array.FindAll(all, PublicAddress.IsPublic);
        if (allowed.Length == 0)
            throw new HttpRequestException($"{context.DnsEndPoint.Host} has no address of the public Internet; {Allow}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace DiffusionBatch.LocalHost.Http;

/// <summary>Hands requests on to the worker over HTTP, and its answers back, both as streams.</summary>
internal sealed class WorkerForwarder(IHttpForwarder forwarder) : IDisposable
{
    const string Invocation = "x-ms-invocation-id", Unencoded = "X-WAWS-Unencoded-URL";

    // The real host waits as long where neither side sends anything.
    static readonly ForwarderRequestConfig s_config = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(240),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    });

    /// <summary>Forwards a request; the answer has begun, or its status is set, once this completes.</summary>
    public ValueTask<ForwarderError> ForwardAsync(HttpContext context, Worker worker, string invocation) =>
        forwarder.SendAsync(context, worker.Http.GetLeftPart(UriPartial.Authority), _client, s_config, new Transformer(invocation));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // The worker says where it will listen before it does.
    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(50), longest = TimeSpan.FromMilliseconds(250);
        for (int left = 10; ; left--)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && left > 0)
            {
                socket.Dispose();
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < longest ? pause * 2 : longest;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    // What the client claims of its address and of the invocation is replaced by what this host knows.
    sealed class Transformer(string invocation) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
            foreach (string name in (string[])[Invocation, Unencoded, "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
                "X-Forwarded-Prefix", "Forwarded"])
                proxyRequest.Headers.Remove(name);
            proxyRequest.Headers.TryAddWithoutValidation(Invocation, invocation);
            // As Azure's front ends do: the path is handed on decoded and encoded again, by which "%2F" and "%252F" become one.
            proxyRequest.Headers.TryAddWithoutValidation(
                Unencoded, httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        }
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace DiffusionBatch.Functions.Tests;

/// <summary>Stands between the app and the storage emulator: it can be away, refuse requests, and break off answers.</summary>
internal sealed class StorageGate : IAsyncDisposable
{
    static readonly AsItStands s_asItStands = new();

    readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    readonly Uri _blobs, _queues;
    readonly int _blobPort = Machine.FreePort(), _queuePort = Machine.FreePort();
    WebApplication? _app;

    /// <summary>A gate that is closed: nothing listens.</summary>
    /// <param name="connection">The emulator's connection string.</param>
    public StorageGate(string connection)
    {
        Dictionary<string, string> parts = connection.TrimEnd(';').Split(';').Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        (_blobs, _queues) = (new Uri(parts["BlobEndpoint"]), new Uri(parts["QueueEndpoint"]));
        Connection = connection.Replace($":{_blobs.Port}/", $":{_blobPort}/", StringComparison.Ordinal)
            .Replace($":{_queues.Port}/", $":{_queuePort}/", StringComparison.Ordinal);
    }

    /// <summary>The connection string through the gate.</summary>
    public string Connection { get; }

    /// <summary>Which requests are answered by 400, as if storage found them wrong.</summary>
    public Func<HttpRequest, bool> Refuses { get; set; } = _ => false;

    /// <summary>After how many bytes an answer breaks off; null: not at all.</summary>
    public Func<HttpRequest, int?> Cuts { get; set; } = _ => null;

    /// <summary>Opens it.</summary>
    public async Task OpenAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = null;
            server.Listen(IPAddress.Loopback, _blobPort);
            server.Listen(IPAddress.Loopback, _queuePort);
        });
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(async context =>
        {
            if (Refuses(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            if (Cuts(context.Request) is { } bytes) context.Response.Body = new CutStream(context, context.Response.Body, bytes);
            int port = context.Connection.LocalPort == _blobPort ? _blobs.Port : _queues.Port;
            await forwarder.SendAsync(context, $"http://127.0.0.1:{port}", _client, ForwarderRequestConfig.Empty, s_asItStands);
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>Hands the target on letter by letter: requests are signed with it.</summary>
    sealed class AsItStands : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest,
            string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = new Uri(destinationPrefix + httpContext.Features.Get<IHttpRequestFeature>()!.RawTarget);
        }
    }

    /// <summary>An answer's body that breaks the connection off.</summary>
    sealed class CutStream(HttpContext context, Stream inner, int bytes) : Stream
    {
        int _left = bytes;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
            await inner.FlushAsync(cancellationToken);
            if ((_left -= buffer.Length) > 0) return;
            context.Abort();
            throw new IOException("It breaks off here.");
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

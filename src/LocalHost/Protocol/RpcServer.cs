using System.Collections.Concurrent;
using System.Net;
using DiffusionBatch.LocalHost.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Protocol;

/// <summary>
/// Where workers call in: gRPC on a free port of the loopback address. Only a worker that is expected by its id is let in.
/// </summary>
internal sealed class RpcServer : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, Expected> _expected = [];
    readonly WebApplication _app;

    RpcServer(ILoggerFactory logs)
    {
        WebApplicationBuilder builder = PlainServer.CreateBuilder(logs);
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(options => (options.MaxReceiveMessageSize, options.MaxSendMessageSize) = (int.MaxValue, int.MaxValue));
        _app = builder.Build();
        _app.MapGrpcService<Service>();
    }

    /// <summary>The port.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Starts one.</summary>
    public static async Task<RpcServer> StartAsync(ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var server = new RpcServer(logs);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Completed once the worker of an id has called in.</summary>
    /// <param name="worker">Its id, which nobody can guess.</param>
    /// <param name="log">Takes its log.</param>
    public Task<WorkerStream> ExpectAsync(string worker, Action<RpcLog> log)
    {
        var expected = new Expected(log, new TaskCompletionSource<WorkerStream>(TaskCreationOptions.RunContinuationsAsynchronously));
        _expected[worker] = expected;
        return expected.Arrival.Task;
    }

    /// <summary>No longer lets a worker in.</summary>
    public void Forget(string worker) => _expected.TryRemove(worker, out _);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => PlainServer.StopAsync(_app, TimeSpan.Zero);

    sealed record Expected(Action<RpcLog> Log, TaskCompletionSource<WorkerStream> Arrival);

    internal sealed class Service(RpcServer server) : FunctionRpc.FunctionRpcBase
    {
        public override async Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream,
            ServerCallContext context)
        {
            if (!await requestStream.MoveNext(context.CancellationToken)
                || requestStream.Current is not { ContentCase: StreamingMessage.ContentOneofCase.StartStream } first
                || !server._expected.TryRemove(first.StartStream.WorkerId, out Expected? expected))
                throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "This worker isn't expected."));
            var stream = new WorkerStream(expected.Log);
            expected.Arrival.TrySetResult(stream);
            await stream.RunAsync(requestStream, responseStream, context.CancellationToken);
        }
    }
}

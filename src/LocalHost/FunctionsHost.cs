using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Hosting;
using DiffusionBatch.LocalHost.Http;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost;

/// <summary>
/// The host of Azure Functions on a laptop: starts an app's isolated worker process, hands requests on to it, fires its
/// timers and queue triggers, starts it again when it dies, and ends with it. It behaves as the host in Azure does, so that what runs here runs there.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    // Requests in flight may end by themselves; then they are cut off.
    static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    readonly ILoggerFactory _logs;
    readonly RpcServer _server;
    readonly WorkerKeeper _keeper;
    readonly Listeners _listeners;
    readonly HttpFront _front;
    readonly Lazy<Task> _stopped;

    FunctionsHost(ILoggerFactory logs, RpcServer server, WorkerKeeper keeper, Listeners listeners, HttpFront front)
    {
        (_logs, _server, _keeper, _listeners, _front) = (logs, server, keeper, listeners, front);
        _stopped = new Lazy<Task>(StopAsync);
        _ = StopListeningAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => _front.Url;

    /// <summary>The number of the worker process that serves; null while there is none.</summary>
    public int? WorkerProcessId => _keeper.Serving?.ProcessId;

    /// <summary>Completed, with why, once the worker couldn't be started again several times in a row; the host then serves nothing.</summary>
    public Task<string> GivenUp => _keeper.GivenUp;

    /// <summary>Starts the app; returns once it serves requests.</summary>
    /// <exception cref="FunctionsHostException">The app can't be started; the message says why.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.AppFolder));
        var settings = new AppSettings(options.Settings);
        HostFile host = HostFile.Read(Path.Combine(folder, "host.json"), settings.Configuration);
        ILoggerFactory logs = LineLogger.CreateFactory(host.Logging, settings.Configuration, options.Log, options.Time);
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            RpcServer server = await RpcServer.StartAsync(logs, cancellationToken);
            parts.Push(server);
            var start = new WorkerStart(folder, WorkerConfig.Read(folder), Environment(folder, settings), options.Log, new WorkerLog(logs).Take);
            Worker worker = await Worker.StartAsync(start, server, cancellationToken);
            var keeper = new WorkerKeeper(start, server, worker, options.Time, logs.CreateLogger("Host.Worker"));
            parts.Push(keeper);
            FunctionEntry[] functions = [.. worker.Functions.Select(f => FunctionEntry.Of(f, settings))];
            var invoker = new Invoker(keeper, host.FunctionTimeout, options.Time, logs.CreateLogger("Host.Functions"));
            var listeners = new Listeners(functions, settings, host, invoker, options.Time, options.Invisibility, logs);
            parts.Push(listeners);
            HttpFront front = await HttpFront.StartAsync(options.Url, settings, host, keeper, invoker, functions, listeners, logs, cancellationToken);
            listeners.Start();
            return new FunctionsHost(logs, server, keeper, listeners, front);
        }
        catch
        {
            foreach (IAsyncDisposable part in parts) await part.DisposeAsync();
            logs.Dispose();
            throw;
        }
    }

    /// <summary>Looks into all queues at once, however long their listeners would pause: somebody knows that a message has come.</summary>
    public void LookAtQueues() => _listeners.LookAtQueues();

    /// <summary>Stops all within 2 s: takes no more requests, ends what runs, then the process.</summary>
    public ValueTask DisposeAsync() => new(_stopped.Value);

    async Task StopAsync()
    {
        // Runs of triggers are asked to end at once; one that doesn't ends with the process, and then its message is given back.
        await Task.WhenAll(_front.StopAsync(s_grace).AsTask(), Task.WhenAny(_listeners.StopAsync(), Task.Delay(s_grace)));
        await _keeper.DisposeAsync();
        await _listeners.DisposeAsync();
        await _server.DisposeAsync();
        _logs.Dispose();
    }

    // Without a worker a message that is received would only be given back.
    async Task StopListeningAsync()
    {
        await GivenUp;
        await _listeners.StopAsync();
    }

    static Dictionary<string, string> Environment(string folder, AppSettings settings) => new(settings.Given.Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)))
    {
        ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
        ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
        ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
    };
}

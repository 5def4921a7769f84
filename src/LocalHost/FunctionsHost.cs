using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Hosting;
using DiffusionBatch.LocalHost.Http;
using DiffusionBatch.LocalHost.Protocol;
using DiffusionBatch.LocalHost.Workers;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost;

/// <summary>
/// The host of Azure Functions on a laptop: starts an app's isolated worker process, hands requests on to it, fires its
/// timers and queue triggers, starts it again when it dies, and ends with it. It behaves as the host in Azure does, so that what runs here
/// runs there.
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

    /// <summary>
    /// Completed, with why, once the worker couldn't be started again several times in a row; the host then serves nothing.
    /// </summary>
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
            var start = new WorkerStart(
                folder, WorkerConfig.Read(folder), Environment(folder, settings), options.Log, new WorkerLog(logs).Take);
            Worker worker = await Worker.StartAsync(start, server, cancellationToken);
            var keeper = new WorkerKeeper(start, server, worker, options.Time, logs.CreateLogger("Host.Worker"));
            parts.Push(keeper);
            FunctionEntry[] functions = [.. worker.Functions.Select(f => FunctionEntry.Of(f, settings))];
            var invoker = new Invoker(keeper, host.FunctionTimeout, options.Time, logs.CreateLogger("Host.Functions"));
            var listeners = new Listeners(functions, settings, host, invoker, options.Time, options.Invisibility, logs);
            parts.Push(listeners);
            HttpFront front = await HttpFront.StartAsync(
                options.Url, settings, host, keeper, invoker, functions, listeners, logs, cancellationToken);
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

    static Dictionary<string, string> Environment(string folder, AppSettings settings) => new(
        settings.Given.Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)))
    {
        ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
        ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
        ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
    };
}

/// <summary>What a <see cref="FunctionsHost"/> runs, and where.</summary>
/// <param name="AppFolder">The built function app: the folder of its worker.config.json and host.json.</param>
public sealed record FunctionsHostOptions(string AppFolder)
{
    /// <summary>Where it listens; port 0 is a free one. Other addresses than this machine's own need access keys.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:0");

    /// <summary>
    /// App settings, beside the environment variables of this process and over them; <c>A__B</c> and <c>A:B</c> are the same.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes each line of the log: the host's, the app's, and what the worker process writes.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>The clock that timers and pauses go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a message of a queue is the host's without renewal; Functions' own is ten minutes.</summary>
    internal TimeSpan Invisibility { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>The function app can't be run as it is, or as it is set up; the message says what to change.</summary>
public sealed class FunctionsHostException : Exception
{
    /// <summary>Whether someone killed the process, so that nothing is said against the app.</summary>
    internal bool IsKilled { get; init; }

    /// <summary>With what is wrong.</summary>
    public FunctionsHostException(string message) : base(message)
    {
    }

    /// <summary>With what is wrong, and what brought it to light.</summary>
    public FunctionsHostException(string message, Exception inner) : base(message, inner)
    {
    }
}

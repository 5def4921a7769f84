using System.Globalization;
using DiffusionBatch.LocalHost.Functions;
using DiffusionBatch.LocalHost.Processes;
using DiffusionBatch.LocalHost.Protocol;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Workers;

/// <summary>One worker process with all functions loaded, from its start to its end.</summary>
internal sealed class Worker : IAsyncDisposable
{
    // The real host waits a minute for a worker to call in, and as long for each answer.
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    // It ends by itself in a fifth of that, unless a function goes on.
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    // The exit codes of processes that these signals ended.
    const int SigKill = 128 + 9, SigTerm = 128 + 15;

    readonly ChildProcess _process;
    readonly WorkerStream _stream;
    readonly Dictionary<string, string> _ids;

    Worker(ChildProcess process, WorkerStream stream, Uri http, IReadOnlyList<RpcFunctionMetadata> functions)
    {
        (_process, _stream, Http, Functions) = (process, stream, http, functions);
        Gone = Task.WhenAny(process.Ended, stream.Closed);
        _ids = functions.ToDictionary(f => f.Name, f => f.FunctionId, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The process's number.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Where it takes requests.</summary>
    public Uri Http { get; }

    /// <summary>Its functions, as it describes them.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; }

    /// <summary>Completed once it takes no more invocations: its process has ended, or is about to.</summary>
    public Task Gone { get; }

    /// <summary>Starts a process and loads its functions.</summary>
    /// <exception cref="FunctionsHostException">It ended or was silent before that; the message has its last lines.</exception>
    public static async Task<Worker> StartAsync(WorkerStart start, RpcServer server, CancellationToken cancellationToken)
    {
        string id = Guid.NewGuid().ToString();
        var last = new LastLines();
        Task<WorkerStream> arrival = server.ExpectAsync(id, start.TakeLog);
        ChildProcess process = await ChildProcess.StartAsync(start.Config.Program, Arguments(start, server.Port, id), start.Environment,
            line =>
        {
            last.Add(line);
            start.TakeLine(line);
        }, s_grace, start.Folder);
        try
        {
            WorkerStream stream = await WithinAsync(arrival, "hasn't called in");
            return await LoadAsync(process, stream);
        }
        catch (Exception e)
        {
            server.Forget(id);
            process.Kill();
            int code = await process.Ended;
            await process.DisposeAsync();
            throw e is WorkerGoneException
                ? new FunctionsHostException($"The function app ended with code {code} while it started{last}", e)
                {
                    IsKilled = code is SigKill or SigTerm,
                }
                : e;
        }

        async Task<Worker> LoadAsync(ChildProcess process, WorkerStream stream)
        {
            StreamingMessage answer = await WithinAsync(
                stream.AskAsync(new StreamingMessage
                {
                    WorkerInitRequest =
                    new WorkerInitRequest { HostVersion = "4.0.0", FunctionAppDirectory = start.Folder, WorkerDirectory = start.Folder }
                }),
                "doesn't answer");
            Demand(answer.WorkerInitResponse?.Result, "can't be set up");
            if (!answer.WorkerInitResponse!.Capabilities.TryGetValue("HttpUri", out string? http))
                throw new FunctionsHostException(
                    "The function app takes requests over gRPC alone; this host needs ConfigureFunctionsWebApplication in its Program.");
            // It listens on the loopback addresses; by number nobody has to be asked which these are.
            var address = new UriBuilder(http) { Host = "127.0.0.1" };
            answer = await WithinAsync(
                stream.AskAsync(new StreamingMessage
                {
                    FunctionsMetadataRequest =
                    new FunctionsMetadataRequest { FunctionAppDirectory = start.Folder }
                }),
                "doesn't name its functions");
            Demand(answer.FunctionMetadataResponse?.Result, "can't name its functions");
            if (answer.FunctionMetadataResponse!.UseDefaultMetadataIndexing)
                throw new FunctionsHostException(
                    "The function app was built without its list of functions (FunctionsEnableWorkerIndexing is false); this host "
                        + "needs it.");
            RpcFunctionMetadata[] functions = [.. answer.FunctionMetadataResponse.FunctionMetadataResults];
            foreach (RpcFunctionMetadata function in functions)
            {
                function.Bindings.Clear();
                foreach (string binding in function.RawBindings)
                {
                    BindingInfo info = FunctionEntry.Info(binding, out string name);
                    function.Bindings[name] = info;
                }
            }
            StreamingMessage[] loaded = await WithinAsync(
                Task.WhenAll(
                    functions.Select(f =>
                        stream.AskAsync(
                            new StreamingMessage
                            {
                                FunctionLoadRequest =
                                new FunctionLoadRequest { FunctionId = f.FunctionId, Metadata = f }
                            }))),
                "doesn't load its functions");
            foreach (var (function, load) in functions.Zip(loaded))
                Demand(load.FunctionLoadResponse?.Result, $"can't load '{function.Name}'");
            return new Worker(process, stream, address.Uri, functions);
        }

        // What is waited for, or what came in its way: the end of the process, the end of patience, a cancel.
        async Task<T> WithinAsync<T>(Task<T> awaited, string failure)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task limit = Task.Delay(s_patience, ending.Token);
            Task first = await Task.WhenAny(awaited, process.Ended, limit);
            await ending.CancelAsync();
            if (first == awaited) return await awaited;
            cancellationToken.ThrowIfCancellationRequested();
            throw first == limit
                ? new FunctionsHostException(
                    string.Create(CultureInfo.InvariantCulture, $"The function app {failure}: {s_patience.TotalSeconds} s are over{last}"))
                : new WorkerGoneException();
        }

        void Demand(StatusResult? result, string failure)
        {
            if (result is not { Status: StatusResult.Types.Status.Success })
                throw new FunctionsHostException($"The function app {failure}: {result?.Exception?.Message ?? "no reason is given"}{last}");
        }
    }

    /// <summary>Starts an invocation; completed with how it ended.</summary>
    /// <exception cref="WorkerGoneException">The process ended before the invocation.</exception>
    /// <exception cref="FunctionFailedException">It has no such function.</exception>
    public Task<StatusResult> InvokeAsync(string function, InvocationRequest invocation)
    {
        if (!_ids.TryGetValue(function, out string? id))
            throw new FunctionFailedException("isn't in the function app any more, which was built anew; start the host again", null);
        invocation.FunctionId = id;
        return _stream.InvokeAsync(invocation);
    }

    /// <summary>Asks for an invocation's end.</summary>
    public void Cancel(string invocation) => _stream.Cancel(invocation);

    /// <summary>Kills the process.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The exit code of a process that is gone; one that goes on without its stream is killed.</summary>
    public async Task<int> EndAsync()
    {
        if (await Task.WhenAny(_process.Ended, Task.Delay(s_grace)) != _process.Ended) _process.Kill();
        return await _process.Ended;
    }

    /// <summary>Ends what runs and the process: asks it, and kills it where that takes more than a second.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string invocation in _stream.Invoked) _stream.Cancel(invocation);
        _stream.Terminate(s_grace);
        if (await Task.WhenAny(_process.Ended, Task.Delay(s_grace)) != _process.Ended) _process.Kill();
        await _process.DisposeAsync();
    }

    // Each is said in both of its names: older workers know the first ones, this one the second.
    static string[] Arguments(WorkerStart start, int port, string id)
    {
        string request = Guid.NewGuid().ToString(), length = int.MaxValue.ToString(CultureInfo.InvariantCulture),
            uri = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/";
        string[] arguments =
        [
            "--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--workerId", id, "--requestId", request,
            "--grpcMaxMessageLength", length,
            "--functions-uri", uri, "--functions-worker-id", id, "--functions-request-id", request, "--functions-grpc-max-message-length",
            length,
        ];
        return start.Config.Assembly is { } assembly ? [assembly, .. arguments] : arguments;
    }

    // The last lines that the process wrote: where a start fails they say why.
    sealed class LastLines
    {
        const int Most = 40;

        readonly Queue<string> _lines = new();

        public void Add(string line)
        {
            lock (_lines)
            {
                if (_lines.Count == Most) _lines.Dequeue();
                _lines.Enqueue(line);
            }
        }

        public override string ToString()
        {
            lock (_lines) return _lines.Count == 0 ? "." : $":\n{string.Join('\n', _lines)}";
        }
    }
}

/// <summary>What a worker process is started with.</summary>
/// <param name="Folder">The app's folder.</param>
/// <param name="Config">The program.</param>
/// <param name="Environment">Variables beside those of this process.</param>
/// <param name="TakeLine">Takes what it writes on its pipes.</param>
/// <param name="TakeLog">Takes its log.</param>
internal sealed record WorkerStart(
    string Folder, WorkerConfig Config, IReadOnlyDictionary<string, string> Environment, Action<string> TakeLine, Action<RpcLog> TakeLog);

/// <summary>Writes what the worker logs under the worker's own categories and levels.</summary>
internal sealed partial class WorkerLog(ILoggerFactory logs)
{
    const int Metric = 2;

    /// <summary>Writes an entry of the worker's log to this host's.</summary>
    public void Take(RpcLog entry)
    {
        if (entry.LogCategory == Metric || entry.Level is < (int)LogLevel.Trace or > (int)LogLevel.Critical) return;
        ILogger logger = logs.CreateLogger(entry.Category);
        string text = entry.Exception is { } e ? $"{entry.Message}\n{e.Type}: {e.Message}\n{e.StackTrace}" : entry.Message;
        Log(logger, (LogLevel)entry.Level, text);
    }

    [LoggerMessage(EventId = 1, Message = "{Text}")]
    static partial void Log(ILogger logger, LogLevel level, string text);
}

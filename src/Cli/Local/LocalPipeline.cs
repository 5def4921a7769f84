using DiffusionBatch.Cli.Testing;
using DiffusionBatch.LocalHost.Processes;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Cli.Local;

/// <summary>
/// The whole pipeline on this machine: Azurite, the API under a host of Functions, and workers, each a process. Disposing stops them in the
/// order
/// in which they need each other: workers first, so that they give their tasks back, Azurite last.
/// </summary>
internal sealed class LocalPipeline : IAsyncDisposable
{
    // Files of the pipeline go through the API; checkpoints are large.
    const long MaxFileBytes = 16L << 30;

    // After that long, what a killed worker held is free again, unless the environment says otherwise.
    const string Lease = "00:00:30";

    // The longest time between two looks at a queue. Messages sent on this machine are announced at once; looking finds the others:
    // retries that were
    // put off, claims that lapsed.
    const string LongestPoll = "00:00:10";

    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    readonly List<IAsyncDisposable> _parts = [];

    LocalPipeline(Uri url) => Url = url;

    /// <summary>Where the API listens.</summary>
    public Uri Url { get; }

    /// <summary>Completed, with why, once it can't go on: Azurite has ended, or the API was given up.</summary>
    public Task<string> Broken { get; private set; } = Task.FromResult("it hasn't begun");

    /// <summary>Starts all; returns once the API is ready.</summary>
    /// <param name="options">What is started.</param>
    /// <param name="note">Takes what the user should know.</param>
    /// <param name="log">Takes the processes' lines, each with its process's name.</param>
    /// <param name="cancellationToken">Stops the start; nothing is left then.</param>
    /// <exception cref="UserException">Something can't be started.</exception>
    /// <exception cref="RootInUseException">The root is used by another.</exception>
    public static async Task<LocalPipeline> StartAsync(
        LocalOptions options, Action<string> note, Action<string> log, CancellationToken cancellationToken)
    {
        string repository = Repository.Find();
        if (options.UsesCoreTools) await LocalApi.DemandCoreToolsAsync(cancellationToken);
        string root = RealPath.Full(options.Root);
        Directory.CreateDirectory(root);
        var taken = RootLock.Take(root, TimeProvider.System);
        int port = Ports.Free(options.Port);
        if (options.Port != 0 && port != options.Port) note($"port {options.Port} is taken; the API takes {port}");
        var pipeline = new LocalPipeline(new Uri($"http://127.0.0.1:{port}"));
        pipeline._parts.Add(new Owned(taken));
        try
        {
            await Azurite.InstallAsync(repository, note, cancellationToken);
            (ChildProcess azurite, string connection) = await Azurite.StartAsync(
                repository, Path.Combine(root, "azurite"), Named("azurite", log), cancellationToken);
            pipeline._parts.Add(azurite);
            pipeline.Broken = EndedAsync(azurite);
            var settings = new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = connection,
                ["Pipeline__Storage"] = connection,
                ["Pipeline__Index"] = options.Index ?? Path.Combine(root, "dbatch.db"),
                ["Pipeline__Bell"] = Path.Combine(root, "bell"),
                ["Worker__LongestPoll"] = LongestPoll,
                ["Worker__Lease"] = Environment.GetEnvironmentVariable("Worker__Lease") ?? Lease,
                ["Logging__LogLevel__Default"] = "Information",
                ["Logging__LogLevel__Microsoft"] = "Warning",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Warning",
                ["Logging__Console__FormatterName"] = "simple",
                ["Logging__Console__FormatterOptions__SingleLine"] = "true",
                ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss ",
                ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = $"{MaxFileBytes}",
                ["Files__MaxBytes"] = $"{MaxFileBytes}",
                ["DOTNET_NOLOGO"] = "1",
            };
            foreach ((string name, string value) in options.Otlp?.Settings ?? []) settings[name] = value;
            var bell = new QueueBell(settings["Pipeline__Bell"]);
            pipeline._parts.Add(new Owned(bell));
            if (!options.UsesCoreTools && bell.Listen())
                settings["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = LongestPoll;
            LocalApi api =
                await (options.UsesCoreTools
                    ? LocalApi.StartCoreToolsAsync(pipeline.Url, settings, Named("api", log), cancellationToken)
                    : LocalApi.StartAsync(pipeline.Url, settings, bell, Named("api", log), cancellationToken));
            pipeline._parts.Add(api.Host);
            pipeline.Broken = Task.WhenAny(pipeline.Broken, api.Broken).Unwrap();
            for (int i = 1; i <= options.Workers; i++)
                await pipeline.StartWorkerAsync($"worker-{i}", options.Device, Path.Combine(root, "workers", $"{i}"), settings, log, note);
            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Workers stop together: each may take its time to give back what it holds.
        IAsyncDisposable[] workers = [.. _parts.OfType<Kept>()];
        await Task.WhenAll(workers.Select(w => w.DisposeAsync().AsTask()));
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts).Except(workers)) await part.DisposeAsync();
        _parts.Clear();
    }

    static async Task<string> EndedAsync(ChildProcess azurite)
    {
        await azurite.Ended;
        return "Azurite has ended";
    }

    async Task StartWorkerAsync(
        string name, string device, string folder, Dictionary<string, string> settings, Action<string> log, Action<string> note)
    {
        Func<Task<ChildProcess>> start = () =>
            StartAsync(name, "DiffusionBatch.GpuWorker.dll", ["--name", name, "--cache", folder, "--device", device], settings, log);
        _parts.Add(new Kept(name, await start(), start, note));
    }

    static Task<ChildProcess> StartAsync(
        string name, string assembly, IEnumerable<string> arguments, Dictionary<string, string> settings, Action<string> log) =>
        ChildProcess.StartAsync(
            Dotnet.Host, [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments], settings, Named(name, log), s_grace);

    static Action<string> Named(string name, Action<string> log) => line => log($"{name,-8} | {line}");

    sealed class Owned(IDisposable owned) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            owned.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>What <c>dbatch up</c> starts.</summary>
/// <param name="Root">The folder that takes Azurite's data, the index and the workers' files.</param>
internal sealed record LocalOptions(string Root)
{
    /// <summary>The API's port; another where it is taken.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>The number of workers.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <summary>What the workers compute on: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether Azure Functions Core Tools play the API's host, in place of the host that comes with dbatch.</summary>
    public bool UsesCoreTools { get; init; }

    /// <summary>Where the API and the workers send traces, metrics and logs; null: where the environment says.</summary>
    public OtlpTarget? Otlp { get; init; }

    /// <summary>The index: a SQLite file, or a PostgreSQL connection string; null: <c>dbatch.db</c> under the root.</summary>
    public string? Index { get; init; }
}

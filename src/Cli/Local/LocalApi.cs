using System.ComponentModel;
using System.Globalization;
using DiffusionBatch.Cli.Testing;
using DiffusionBatch.LocalHost;
using DiffusionBatch.LocalHost.Processes;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Cli.Local;

/// <summary>The API as it runs here: the function app of this program's own folder under a host.</summary>
/// <param name="Host">The host; disposing stops it.</param>
/// <param name="Broken">Completed, with why, once the API can't go on.</param>
internal sealed record LocalApi(IAsyncDisposable Host, Task<string> Broken)
{
    // Core Tools stop their host and its worker one after the other.
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    /// <summary>Starts it under the host that comes with dbatch; returns once it serves.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="settings">The app's settings.</param>
    /// <param name="bell">Rings when a queue has a new message.</param>
    /// <param name="log">Takes its lines.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="UserException">It can't be started.</exception>
    public static async Task<LocalApi> StartAsync(
        Uri url, IReadOnlyDictionary<string, string> settings, QueueBell bell, Action<string> log, CancellationToken cancellationToken)
    {
        try
        {
            FunctionsHost host = await FunctionsHost.StartAsync(
                new FunctionsHostOptions(AppContext.BaseDirectory) { Url = url, Settings = settings, Log = log }, cancellationToken);
            bell.Rung += host.LookAtQueues;
            return new LocalApi(host, EndedAsync());

            async Task<string> EndedAsync() => $"the API can't be started again: {await host.GivenUp}";
        }
        catch (FunctionsHostException e)
        {
            throw new UserException($"the API can't be started. {e.Message}");
        }
    }

    /// <summary>Whether Azure Functions Core Tools are there.</summary>
    /// <exception cref="UserException">They aren't, or are too old.</exception>
    public static async Task DemandCoreToolsAsync(CancellationToken cancellationToken)
    {
        const string Install = "install version 4 (npm install -g azure-functions-core-tools@4), or leave out --host func: dbatch has a "
            + "host of its own";
        try
        {
            var (code, output) = await Tool.RunAsync(Func, Environment.CurrentDirectory, ["--version"], cancellationToken);
            if (code != 0 || !output.TrimStart().StartsWith("4.", StringComparison.Ordinal))
                throw new UserException($"\"func --version\" says \"{output.Trim()}\": {Install}");
        }
        catch (Win32Exception)
        {
            throw new UserException($"there is no \"func\" on the PATH, the program of Azure Functions Core Tools: {Install}");
        }
    }

    /// <summary>Starts it under Azure Functions Core Tools; returns once it serves.</summary>
    /// <param name="url">Where it listens. Core Tools listen on all addresses and ask for no keys.</param>
    /// <param name="settings">The app's settings.</param>
    /// <param name="log">Takes its lines.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="UserException">It ended at once.</exception>
    public static async Task<LocalApi> StartCoreToolsAsync(
        Uri url, IReadOnlyDictionary<string, string> settings, Action<string> log, CancellationToken cancellationToken)
    {
        string[] arguments = ["start", "--no-build", "--port", url.Port.ToString(CultureInfo.InvariantCulture)];
        ChildProcess process = await ChildProcess.StartAsync(
            Func, arguments, settings.Append(new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")), log, s_grace, AppContext.BaseDirectory);
        try
        {
            if (!await ServesAsync(new Uri(url, "api/health/live"), process.Ended, cancellationToken))
                throw new UserException("\"func start\" ended at once; its lines above say why");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new LocalApi(process, EndedAsync());

        async Task<string> EndedAsync()
        {
            int code = await process.Ended;
            return string.Create(CultureInfo.InvariantCulture, $"\"func start\" has ended with code {code}");
        }
    }

    static string Func => OperatingSystem.IsWindows() ? "func.cmd" : "func";

    // Waits until a probe succeeds; false: the process ended first.
    static async Task<bool> ServesAsync(Uri probe, Task ended, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!ended.IsCompleted)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(probe, cancellationToken);
                if (answer.IsSuccessStatusCode) return true;
            }
            catch (Exception e) when (e is HttpRequestException
                || e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Not yet.
            }
            await Task.Delay(100, cancellationToken);
        }
        return false;
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DiffusionBatch.Bench;

/// <summary><c>dbatch up</c> as a user starts it: Azurite, the API and workers, each a process.</summary>
internal sealed class LocalUp : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(5), s_stop = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly List<string> _log = [];

    private LocalUp(Process process, HttpClient client) => (_process, _client) = (process, client);

    /// <summary>The process of the API, which plans.</summary>
    internal int Api => ProcessMemory.Child(_process.Id, "DiffusionBatch.Functions.dll");

    /// <summary>The repository's folder.</summary>
    internal static string Repository
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "DiffusionBatch.sln")))
                    return folder.FullName;
            }

            throw new InvalidOperationException("The bench isn't in the repository's folder.");
        }
    }

    /// <summary>Runs a command of dbatch to its end.</summary>
    internal static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(Command(arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dbatch {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{await error.ConfigureAwait(false)}");
    }

    /// <summary>Starts it on an empty folder; returns once it is ready.</summary>
    internal static async Task<LocalUp> StartAsync(string root, int workers)
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = Command("up", "--root", root, "--workers", $"{workers}", "--port", "0"), EnableRaisingEvents = true };
        var up = new LocalUp(process, new HttpClient { Timeout = s_start });
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = process.WaitForExitAsync().ContinueWith(_ => ready.TrySetException(new InvalidOperationException("dbatch up ended:\n" + up.Log)), TaskScheduler.Default);
        up._client.BaseAddress = new Uri(await ready.Task.WaitAsync(s_start).ConfigureAwait(false));
        return up;

        void Keep(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is not { } line)
                return;
            lock (up._log)
                up._log.Add(line);
            if (line.StartsWith("ready ", StringComparison.Ordinal))
                ready.TrySetResult(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
    }

    /// <summary>Puts a file of this machine into the pipeline.</summary>
    internal async Task UploadAsync(string name, string file)
    {
        await using var content = File.OpenRead(file);
        using var answer = await _client.PutAsync(new Uri("/api/files/" + name, UriKind.Relative), new StreamContent(content)).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Hands a manifest in.</summary>
    /// <returns>The job, and the seconds until the answer was there.</returns>
    internal async Task<(string Job, double Seconds)> SubmitAsync(string manifest)
    {
        long start = Stopwatch.GetTimestamp();
        using var body = new StringContent(manifest, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await _client.PostAsync(new Uri("/api/jobs", UriKind.Relative), body).ConfigureAwait(false);
        string text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(text);
        using var json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("id").GetString()!, seconds);
    }

    /// <summary>A job, once the API's answer fulfils a condition; an end that isn't <c>completed</c> is an error.</summary>
    internal async Task<JsonElement> WaitAsync(string job, TimeSpan pause, Func<JsonElement, bool> isDone)
    {
        while (true)
        {
            using var json = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/jobs/" + job, UriKind.Relative)).ConfigureAwait(false));
            if (json.RootElement.GetProperty("state").GetString() is "failed" or "completedWithErrors")
                throw new InvalidOperationException($"{json.RootElement}\n{Log}");
            if (isDone(json.RootElement))
                return json.RootElement.Clone();
            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            await signal.WaitForExitAsync().ConfigureAwait(false);
            await _process.WaitForExitAsync().WaitAsync(s_stop).ConfigureAwait(false);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command(params string[] arguments) => new(Path.Combine(Repository, "dbatch"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    private string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log.TakeLast(40));
        }
    }
}

namespace DiffusionBatch.Cli.Tests;

/// <summary><c>dbatch up</c> as a process, on a free port; skips aloud where Node.js or Azurite is absent.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    Dbatch? _process;

    /// <summary>Where its API listens, once it was started.</summary>
    public Uri? Url { get; private set; }

    /// <summary>Environment variables that it gets beside those of the tests.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public bool IsRunning => _process is not null;

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartAsync(string folder, params string[] arguments)
    {
        Azurite.Require();
        int port = Machine.FreePort();
        Url = new Uri($"http://127.0.0.1:{port}/");
        _process = Dbatch.Start(folder, null, ["up", "--port", $"{port}", .. arguments], Environment);
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            Assert.False(_process.HasExited, _process.HasExited ? (await _process.EndAsync()).Error : "");
            try
            {
                using var answer = await client.GetAsync(new Uri(Url, "api/health/ready"), limit.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Waits until it has said something on standard error.</summary>
    public Task SaysAsync(string text) => _process!.SaysAsync(text);

    /// <summary>Runs a command against it.</summary>
    public Task<Dbatch.Ended> RunAsync(string folder, params string[] arguments) =>
        Dbatch.RunAsync(folder, [.. arguments, "--server", Url!.ToString()]);

    /// <summary>One Ctrl-C; returns how it ended.</summary>
    public async Task<Dbatch.Ended> InterruptAsync()
    {
        _process!.Signal("INT");
        Dbatch.Ended ended = await _process.EndAsync();
        _process.Dispose();
        _process = null;
        return ended;
    }

    /// <summary>Kills it: it can stop nothing itself.</summary>
    public async Task KillAsync()
    {
        _process!.Signal("KILL");
        await _process.EndAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null && !_process.HasExited) await InterruptAsync();
        _process?.Dispose();
    }
}

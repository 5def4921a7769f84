using System.Collections.Concurrent;
using System.Net;

namespace DiffusionBatch.LocalHost.Tests;

/// <summary>
/// The test app in a real worker under a host of this process; its timers and queues are off unless a test turns them on.
/// </summary>
public sealed class TestHost : IAsyncDisposable
{
    static readonly string[] s_triggered = ["Often", "Daily", "Take", "Fail", "Hold"];
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    readonly ConcurrentQueue<string> _log;
    readonly string _diary;

    TestHost(FunctionsHost host, ConcurrentQueue<string> log, string diary)
    {
        (Host, _log, _diary) = (host, log, diary);
        Client = new HttpClient { BaseAddress = host.Url, Timeout = TimeSpan.FromMinutes(2) };
    }

    public FunctionsHost Host { get; }

    public HttpClient Client { get; }

    /// <summary>The host's log so far.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>What the app's functions have written down so far.</summary>
    public IReadOnlyList<string> Diary => File.Exists(_diary) ? File.ReadAllLines(_diary) : [];

    /// <summary>Starts one.</summary>
    public static Task<TestHost> StartAsync(params (string Name, string Value)[] settings) => StartAsync(TimeProvider.System, [], settings);

    /// <summary>Starts one with a clock, and with some of the triggered functions on.</summary>
    public static async Task<TestHost> StartAsync(TimeProvider time, string[] triggered, params (string Name, string Value)[] settings)
    {
        string diary = Path.Combine(Path.GetTempPath(), $"dbatch-diary-{Guid.NewGuid():N}");
        var log = new ConcurrentQueue<string>();
        var all = new Dictionary<string, string> { ["Diary"] = diary, ["Fast"] = "*/2 * * * * *", ["Queues"] = "none" };
        foreach (string function in s_triggered.Except(triggered)) all[$"AzureWebJobs.{function}.Disabled"] = "true";
        foreach (var (name, value) in settings) all[name] = value;
        FunctionsHost host = await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory)
        {
            Settings = all,
            Log = log.Enqueue,
            Time = time,
            Invisibility = all.TryGetValue("Invisibility", out string? text)
                ? TimeSpan.Parse(text, null)
                : new FunctionsHostOptions("").Invisibility,
        }, TestContext.Current.CancellationToken);
        return new TestHost(host, log, diary);
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Status and body of an answer.</summary>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(string method, string path, HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, content, headers);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"The diary: {string.Join('|', Diary)}\n{string.Join('\n', Log)}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Waits until something holds.</summary>
    public Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    /// <summary>Waits until the diary has a line.</summary>
    public Task WroteAsync(Predicate<string> line) => UntilAsync(() => Diary.Any(l => line(l)));

    /// <summary>Waits until the diary has a line.</summary>
    public Task WroteAsync(string line) => WroteAsync(l => l == line);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        File.Delete(_diary);
    }
}

/// <summary>One host for all tests that only ask.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    TestHost? _host;

    public TestHost Host => _host!;

    public async ValueTask InitializeAsync() =>
        _host = await TestHost.StartAsync(("FunctionKeys:team", "team-secret"), ("MasterKey", "master-secret"),
        ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "200000000"), ("AzureWebJobs_Switched_Disabled", "true"), ("Greeting", "hello"));

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;
}

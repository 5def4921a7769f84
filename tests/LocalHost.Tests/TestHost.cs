using System.Collections.Concurrent;
using System.Net;

namespace DiffusionBatch.LocalHost.Tests;

/// <summary>The test app in a real worker under a host of this process; its timers and queues are off unless a test turns them on.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    static readonly string[] s_triggered = ["EveryTwoSeconds", "AtStart", "Take", "Fail", "Hold"];
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
        var all = new Dictionary<string, string> { ["Diary"] = diary, ["Fast"] = "*/2 * * * * *" };
        foreach (string function in s_triggered.Except(triggered)) all[$"AzureWebJobs.{function}.Disabled"] = "true";
        foreach (var (name, value) in settings) all[name] = value;
        FunctionsHost host = await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory) { Settings = all, Log = log.Enqueue, Time = time }, TestContext.Current.CancellationToken);
        return new TestHost(host, log, diary);
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, HttpContent? content = null) =>
        Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = content }, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>Status and body of an answer.</summary>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(string method, string path, HttpContent? content = null)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, otherwise());
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Waits until the diary has a line.</summary>
    public Task WroteAsync(Predicate<string> line) => UntilAsync(() => Task.FromResult(Diary.Any(l => line(l))), () => $"The diary: {string.Join('|', Diary)}\n{string.Join('\n', Log)}");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        File.Delete(_diary);
    }
}

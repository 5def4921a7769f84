using DiffusionBatch.Cli.Remote;
using DiffusionBatch.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Cli.Tests.Remote;

/// <summary>Downloads that break off, from the real API on a folder.</summary>
public sealed class FileDownloadTests : IAsyncLifetime
{
    const int Length = 2_000_000, Cut = 1_200_000;

    readonly TemporaryFolder _folder = new();
    FunctionsHost? _host;
    BreakingProxy? _proxy;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["Pipeline__Folder"] = _folder["server"],
            ["Pipeline__Index"] = _folder["index.db"]
        };
        foreach (string function in (string[])["Control", "Relay", "Reconcile", "Retain"])
            settings[$"AzureWebJobs.{function}.Disabled"] = "true";
        _host = await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory) { Settings = settings }, Cancel);
        _proxy = await BreakingProxy.StartAsync(_host.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    static string Text(char first) => string.Concat(Enumerable.Range(0, Length / 10).Select(i => $"{first}{i:D8}\n"));

    async Task FetchAsync()
    {
        using var client = new ApiClient(_proxy!.Url, null);
        await JobFiles.FetchAsync(client, "models/m", _folder["here"], Cancel);
    }

    async Task BreakOffAsync()
    {
        _proxy!.CutsAfter = Cut;
        RemoteException lost = await Assert.ThrowsAsync<RemoteException>(FetchAsync);
        Assert.Contains("the connection", lost.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["here/model"]));
        _proxy.CutsAfter = null;
        _proxy.Asked.Clear();
    }

    [Fact]
    public async Task Only_the_rest_is_asked_for_where_a_download_broke_off()
    {
        _folder.Write("server/models/m/model", Text('a'));
        await BreakOffAsync();
        await FetchAsync();
        var (range, status, bytes) = Assert.Single(_proxy!.Asked);
        long from = Length - bytes;
        Assert.Equal(($"bytes={from}-", 206), (range, status));
        Assert.InRange(from, 1, Cut);
        Assert.Equal(Text('a'), File.ReadAllText(_folder["here/model"]));
        Assert.Equal(["model"], Directory.GetFiles(_folder["here"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_was_replaced_meanwhile_is_fetched_anew()
    {
        _folder.Write("server/models/m/model", Text('a'));
        await BreakOffAsync();
        _folder.Write("server/models/m/model", Text('b'));
        await FetchAsync();
        Assert.Equal(("", 200, Length), Assert.Single(_proxy!.Asked));
        Assert.Equal(Text('b'), File.ReadAllText(_folder["here/model"]));
        Assert.Equal(["model"], Directory.GetFiles(_folder["here"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_that_is_replaced_after_it_was_listed_comes_whole()
    {
        _folder.Write("server/models/m/model", Text('a'));
        await BreakOffAsync();
        _proxy!.BeforeFile = () => _folder.Write("server/models/m/model", Text('b'));
        await FetchAsync();
        var (range, status, bytes) = Assert.Single(_proxy.Asked);
        Assert.Equal((true, 200, Length), (range.StartsWith("bytes=", StringComparison.Ordinal), status, bytes));
        Assert.Equal(Text('b'), File.ReadAllText(_folder["here/model"]));
    }

    /// <summary>Stands before a server, notes how files are asked for, and breaks their answers off.</summary>
    sealed class BreakingProxy : IAsyncDisposable
    {
        readonly HttpClient _client = new();
        readonly WebApplication _app;
        readonly Uri _server;

        BreakingProxy(Uri server)
        {
            _server = server;
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.Urls.Add("http://127.0.0.1:0");
            _app.Run(ForwardAsync);
        }

        public Uri Url => new(_app.Urls.Single());

        public int? CutsAfter { get; set; }

        public Action BeforeFile { get; set; } = () => { };

        /// <summary>Of each request for a file: its Range, the answer's status, and how many bytes went through.</summary>
        public List<(string Range, int Status, int Bytes)> Asked { get; } = [];

        public static async Task<BreakingProxy> StartAsync(Uri server)
        {
            var proxy = new BreakingProxy(server);
            await proxy._app.StartAsync(Cancel);
            return proxy;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _client.Dispose();
        }

        async Task ForwardAsync(HttpContext http)
        {
            bool isFile = http.Request.Path.StartsWithSegments("/api/files", out PathString rest) && rest.HasValue;
            if (isFile) BeforeFile();
            using var request = new HttpRequestMessage(HttpMethod.Get,
                new Uri(_server, http.Features.Get<IHttpRequestFeature>()!.RawTarget));
            foreach (string name in (string[])["Range", "If-Range"])
                if (http.Request.Headers.TryGetValue(name, out var value)) request.Headers.TryAddWithoutValidation(name, value.ToString());
            using HttpResponseMessage answer = await _client.SendAsync(request, Cancel);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(Cancel);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentLength = body.Length;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (answer.Content.Headers.ContentRange is { } range) http.Response.Headers.ContentRange = range.ToString();
            int bytes = isFile && CutsAfter is { } cut ? Math.Min(cut, body.Length) : body.Length;
            if (isFile) Asked.Add((http.Request.Headers.Range.ToString(), (int)answer.StatusCode, bytes));
            await http.Response.Body.WriteAsync(body.AsMemory(0, bytes), Cancel);
            await http.Response.Body.FlushAsync(Cancel);
            if (bytes == body.Length) return;
            // What is under way shall arrive; then the connection breaks.
            await Task.Delay(200, Cancel);
            http.Abort();
        }
    }
}

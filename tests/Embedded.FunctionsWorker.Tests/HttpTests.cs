using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class HttpTests
{
    public sealed class Counter : IDisposable
    {
        internal static int Disposed;

        public int Count { get; set; }

        public void Dispose() => Interlocked.Increment(ref Disposed);
    }

    public sealed class Functions(Counter counter)
    {
        [Function("Get")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{id:int}")] HttpRequest request, int id) => Results.Text($"thing {id} by {request.Method}");

        [Function("Drop")]
        public static IResult Drop([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "things/{id:int}")] HttpRequest request, int id) => Results.NoContent();

        [Function("Files")]
        public static IResult Files([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*path}")] HttpRequest request, string? path) => Results.Text(path ?? "(none)");

        [Function("Length")]
        public static async Task<IResult> Length([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancel)
        {
            long length = 0;
            byte[] buffer = new byte[8192];
            while (await request.Body.ReadAsync(buffer, cancel) is > 0 and int read) length += read;
            return Results.Text($"{length}");
        }

        [Function("Stream")]
        public static IResult Stream([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancel) => Results.Stream(async body =>
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    await body.WriteAsync(Encoding.UTF8.GetBytes($"line {i}\n"), cancel);
                    await body.FlushAsync(cancel);
                    await Task.Delay(10, cancel);
                }
            }
            catch (OperationCanceledException)
            {
                Stopped.TrySetResult();
            }
        });

        [Function("Count")]
        public IResult Count([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
            Results.Text($"{++counter.Count} {context.FunctionDefinition.Name} {context.BindingContext.BindingData.Count} {context.GetHttpContext() == request.HttpContext}");

        [Function("Throw")]
        public static IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidDataException("boom");

        [Function("Keyed")]
        public static IResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text("in");

        [Function("Admin")]
        public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("in");
    }

    sealed class ToTeapot : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            try
            {
                await next(context);
            }
            catch (InvalidDataException e)
            {
                context.GetInvocationResult().Value = Results.Text($"{e.Message} in {context.FunctionDefinition.Name}", statusCode: 418);
            }
        }
    }

    static readonly TaskCompletionSource Stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static Task<TestHost> StartAsync(params (string, string)[] settings) =>
        TestHost.StartAsync(typeof(Functions), builder => builder.Services.AddScoped<Counter>(), settings);

    [Theory]
    [InlineData("GET", "things/12", 200, "thing 12 by GET")]
    [InlineData("DELETE", "things/12", 204, "")]
    [InlineData("GET", "files/a/b%20c/d.json", 200, "a/b c/d.json")]
    [InlineData("GET", "files", 200, "(none)")]
    public async Task A_route_reaches_its_function(string method, string path, int status, string body)
    {
        await using TestHost host = await StartAsync();
        using var answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/api/{path}"), TestContext.Current.CancellationToken);
        Assert.Equal((status, body), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("POST", "things/12", 405, "things/12 takes DELETE, GET, not POST")]
    [InlineData("GET", "things/twelve", 404, "Nothing is at /api/things/twelve.")]
    [InlineData("GET", "throw", 500, "log has the details")]
    public async Task A_refusal_is_a_problem_document(string method, string path, int status, string detail)
    {
        await using TestHost host = await StartAsync();
        using var answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/api/{path}"), TestContext.Current.CancellationToken);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        if (status == 405) Assert.Equal(["DELETE", "GET"], answer.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413(bool chunked)
    {
        await using TestHost host = await StartAsync(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "100000"));
        async Task<HttpStatusCode> Post(int length)
        {
            using var content = new StreamContent(new MemoryStream(new byte[length]));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/length") { Content = content };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK) Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            return answer.StatusCode;
        }
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (await Post(90_000), await Post(100_001)));
    }

    [Fact]
    public async Task A_client_that_pauses_in_its_body_is_waited_for()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Functions), b => b.Services.AddScoped<Counter>());
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        await stream.WriteAsync("POST /api/Length HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nab"u8.ToArray());
        // Kestrel's own patience is 5 s; it looks once a second.
        await Task.Delay(TimeSpan.FromSeconds(7));
        await stream.WriteAsync("cd"u8.ToArray());
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_has_its_scope_and_its_context()
    {
        await using TestHost host = await StartAsync();
        int before = Counter.Disposed;
        for (int i = 0; i < 2; i++) Assert.Equal("1 Count 0 True", await host.Client.GetStringAsync(new Uri("/api/count", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(before + 2, Counter.Disposed);
    }

    [Fact]
    public async Task Middleware_sees_the_failure_and_sets_the_result()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Functions), builder =>
        {
            builder.Services.AddScoped<Counter>();
            builder.UseMiddleware<ToTeapot>();
        });
        using var answer = await host.Client.GetAsync(new Uri("/api/throw", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((418, "boom in Throw"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_stream_is_seen_as_it_is_written_and_ends_with_the_host()
    {
        await using TestHost host = await StartAsync();
        using var answer = await host.Client.GetAsync(new Uri("/api/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("line 0", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        long start = Environment.TickCount64;
        await host.StopAsync();
        await Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.InRange(Environment.TickCount64 - start, 0, 10_000);
    }

    [Theory]
    [InlineData("keyed", null, 401)]
    [InlineData("keyed", "wrong", 401)]
    [InlineData("keyed", "team-secret", 200)]
    [InlineData("keyed", "master-secret", 200)]
    [InlineData("admin", "team-secret", 401)]
    [InlineData("admin", "master-secret", 200)]
    [InlineData("things/1", null, 200)]
    public async Task Keys_open_what_is_theirs_by_header_or_query(string path, string? key, int status)
    {
        await using TestHost host = await StartAsync(("FunctionKeys:team", "team-secret"), ("MasterKey", "master-secret"));
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, $"/api/{path}");
        if (key is not null) byHeader.Headers.Add("x-functions-key", key);
        using var first = await host.Client.SendAsync(byHeader, TestContext.Current.CancellationToken);
        using var second = await host.Client.GetAsync(new Uri($"/api/{path}{(key is null ? "" : $"?code={key}")}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((status, status), ((int)first.StatusCode, (int)second.StatusCode));
        if (status == 401) Assert.Equal("application/problem+json", first.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Without_keys_this_machine_needs_none_and_another_name_for_it_gets_nothing()
    {
        await using TestHost host = await StartAsync();
        Assert.Equal("in", await host.Client.GetStringAsync(new Uri("/api/admin", UriKind.Relative), TestContext.Current.CancellationToken));
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/keyed");
        rebound.Headers.Host = "evil.example";
        using var answer = await host.Client.SendAsync(rebound, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false)]
    [InlineData("http://*:0", false)]
    [InlineData("http://127.0.0.1:0;http://[::]:0", false)]
    [InlineData("http://localhost:0", true)]
    [InlineData("http://127.0.0.1:0;http://[::1]:0", true)]
    public async Task Other_machines_are_let_in_with_keys_only(string urls, bool loopback)
    {
        WebApplicationBuilt(urls, "FunctionKeys:team", "secret");
        if (loopback) WebApplicationBuilt(urls, "x", "y");
        else Assert.Contains("FunctionKeys__default", Assert.Throws<InvalidOperationException>(() => WebApplicationBuilt(urls, "x", "y")).Message, StringComparison.Ordinal);
        await Task.CompletedTask;

        static void WebApplicationBuilt(string urls, string name, string value) =>
            ((IDisposable)TestHost.Build(typeof(Functions), b => b.Services.AddScoped<Counter>(), ("urls", urls), (name, value))).Dispose();
    }

    [Fact]
    public async Task A_function_can_be_switched_off()
    {
        await using TestHost host = await StartAsync(("AzureWebJobs.Get.Disabled", "true"));
        using var answer = await host.Client.GetAsync(new Uri("/api/things/1", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace DiffusionBatch.LocalHost.Tests.Http;

public sealed class ForwardingTests(SharedHost shared)
{
    const int Large = 100_000_000;

    readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_body_goes_through_and_so_does_a_large_answer(bool chunked)
    {
        using var content = new StreamContent(new Zeros(Large));
        if (!chunked) content.Headers.ContentLength = Large;
        Assert.Equal((HttpStatusCode.OK, $"{Large}"), await _host.AskAsync("POST", "/api/length", content));
        using HttpResponseMessage answer = await _host.SendAsync("GET", $"/api/bytes/{Large}");
        long length = 0;
        byte[] buffer = new byte[65536];
        await using Stream body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        while (await body.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and int read) length += read;
        Assert.Equal(Large, length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413(bool chunked)
    {
        await using TestHost small = await TestHost.StartAsync(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "100000"));
        async Task<HttpStatusCode> Post(int length)
        {
            using var content = new StreamContent(new Zeros(length));
            if (!chunked) content.Headers.ContentLength = length;
            return (await small.AskAsync("POST", "/api/length", content)).Status;
        }
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (await Post(90_000), await Post(100_001)));
    }

    [Fact]
    public async Task What_a_client_says_of_invocation_and_origin_is_replaced()
    {
        (_, string seen) = await _host.AskAsync("GET", "/api/head", null, ("X-Forwarded-For", "6.6.6.6"),
            ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("x-ms-invocation-id", "mine"), ("X-Custom", "kept"));
        Assert.DoesNotContain("6.6.6.6", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", seen, StringComparison.Ordinal);
        Assert.Contains("X-Custom: kept", seen, StringComparison.Ordinal);
        Assert.Contains("x-ms-invocation-id: ", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/head")]
    [InlineData("/api/head?x=a%252Fb%2Fc")]
    [InlineData("/api/%68ead?y=1")]
    public async Task The_url_is_handed_on_as_it_was_sent(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(_host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + url,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("X-WAWS-Unencoded-URL", "/mine");
        string seen = await (await _host.Client.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken);
        Assert.Contains($"X-WAWS-Unencoded-URL: {url}", seen.Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Answers_have_the_headers_that_host_json_names()
    {
        using HttpResponseMessage answer = await _host.SendAsync("GET", "/api/things/1");
        Assert.Equal(["host.json"], answer.Headers.GetValues("X-From"));
    }

    [Fact]
    public async Task A_function_that_throws_is_an_empty_500_and_the_log_says_why()
    {
        Assert.Equal((HttpStatusCode.InternalServerError, ""), await _host.AskAsync("GET", "/api/throw"));
        await _host.UntilAsync(() => _host.Log.Any(l => l.Contains("Function 'Throw' failed", StringComparison.Ordinal))
            && _host.Log.Any(l => l.Contains("boom", StringComparison.Ordinal)));
        Assert.Contains(_host.Log,
            l => l.Contains("warn: DiffusionBatch.LocalHost.TestApp.RequestFunctions it is about to throw", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_function_that_fails_in_the_middle_of_its_answer_cuts_it_off()
    {
        using HttpResponseMessage answer = await _host.SendAsync("GET", "/api/half");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Events_come_as_they_are_written_and_end_on_both_sides_when_their_client_goes()
    {
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
            using HttpResponseMessage answer =
                await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(new MediaTypeHeaderValue("text/event-stream"), answer.Content.Headers.ContentType);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            Assert.Equal("data: 0", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        await _host.WroteAsync("events ended: aborted True, cancelled True");
        Assert.DoesNotContain(_host.Log, l => l.Contains("'Events'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fifty_event_streams_go_on_at_once_and_other_requests_beside_them()
    {
        HttpResponseMessage[] streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _host.SendAsync("GET", "/api/events")));
        StreamReader[] readers = [.. await Task.WhenAll(streams.Select(async s => new StreamReader(await s.Content.ReadAsStreamAsync())))];
        for (int round = 0; round < 3; round++)
        {
            foreach (StreamReader reader in readers)
            {
                Assert.Equal($"data: {round}", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
                Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
            }
            Assert.Equal((HttpStatusCode.OK, "thing 1 "), await _host.AskAsync("GET", "/api/things/1"));
        }
        foreach (HttpResponseMessage stream in streams) stream.Dispose();
        await _host.UntilAsync(() => _host.Diary.Count(l => l.StartsWith("events ended", StringComparison.Ordinal)) >= 50);
    }

    [Fact]
    public async Task A_client_that_pauses_in_its_body_is_waited_for()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Host.Url.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(
            "POST /api/Length HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nab"u8.ToArray(),
            TestContext.Current.CancellationToken);
        // A server's own patience is 5 s; it looks once a second.
        await Task.Delay(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        await stream.WriteAsync("cd"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_requests_at_once_than_host_json_allows_are_429()
    {
        await using TestHost narrow = await TestHost.StartAsync(("AzureFunctionsJobHost__extensions__http__maxConcurrentRequests", "1"),
            ("AzureFunctionsJobHost__extensions__http__maxOutstandingRequests", "2"));
        using HttpResponseMessage running = await narrow.SendAsync("GET", "/api/events");
        // Of two more the first to come waits and the other is refused.
        Task<(HttpStatusCode Status, string Body)> one = narrow.AskAsync("GET", "/api/things/1"),
            other = narrow.AskAsync("GET", "/api/things/1");
        Task<(HttpStatusCode Status, string Body)> refused = await Task.WhenAny(one, other), waiting = refused == one ? other : one;
        Assert.Equal((HttpStatusCode.TooManyRequests, ""), await refused);
        Assert.False(waiting.IsCompleted);
        running.Dispose();
        Assert.Equal((HttpStatusCode.OK, "thing 1 "), await waiting);
    }

    /// <summary>A stream of zero bytes of which none is kept.</summary>
    sealed class Zeros(long length) : Stream
    {
        long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = (int)Math.Min(count, _left);
            Array.Clear(buffer, offset, read);
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

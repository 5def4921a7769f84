using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests;

/// <summary>Bodies that are long, and readers and writers that go away in the middle of them.</summary>
public sealed class TransferTests
{
    // More than Kestrel takes by default.
    const int Large = 31_000_000;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Task<ApiHost> StartAsync(TimeProvider? time = null) =>
        ApiHost.StartAsync(null, time ?? TimeProvider.System, ("Logging__LogLevel__DiffusionBatch", "Debug"));

    static async Task<JobView> JobAsync(ApiHost api)
    {
        await api.WriteAsync(SharedApi.Input, "{\"id\":\"a\",\"source\":\"x\"}\n");
        foreach (string file in new[] { "config.json", "tokenizer.json" }) await api.WriteAsync($"{SharedApi.Model}/{file}", "{}");
        return await ApiHost.JobAsync(await api.SubmitAsync(SharedApi.Sample(ApiHost.NewName())), HttpStatusCode.Accepted);
    }

    /// <summary>Opens a job's event stream and waits for its first event.</summary>
    static async Task<(HttpResponseMessage Answer, StreamReader Events)> EventsAsync(ApiHost api, JobView job,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await api.Client.GetAsync(new Uri($"/api/jobs/{job.Id}/events", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var events = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await events.ReadLineAsync(cancellationToken) is { } line && !line.StartsWith("event: progress", StringComparison.Ordinal))
        {
        }
        return (answer, events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_file_goes_up_and_down(bool lengthIsKnown)
    {
        await using ApiHost api = await StartAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(Large);
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/files/large") { Content = new ByteArrayContent(bytes) };
        put.Headers.TransferEncodingChunked = !lengthIsKnown;
        using HttpResponseMessage stored = await api.Client.SendAsync(put, Cancel);
        Assert.True(stored.StatusCode == HttpStatusCode.Created, $"{stored.StatusCode}: {await stored.Content.ReadAsStringAsync(Cancel)}");
        Assert.Equal(SHA256.HashData(bytes),
            SHA256.HashData(await api.Client.GetByteArrayAsync(new Uri("/api/files/large", UriKind.Relative), Cancel)));
    }

    [Fact]
    public async Task Clients_that_go_away_end_their_requests_and_are_no_errors()
    {
        ApiHost api = await StartAsync();
        await using (api)
        {
            JobView job = await JobAsync(api);
            await api.WriteAsync("large", new string('x', Large));
            using (var gone = new CancellationTokenSource())
            {
                var (answer, _) = await EventsAsync(api, job, gone.Token);
                await gone.CancelAsync();
                answer.Dispose();
            }
            await api.LogsAsync($"The events of {job.Id} end before it");
            using (HttpResponseMessage answer =
                await api.Client.GetAsync(new Uri("/api/files/large", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
            {
                await using Stream body = await answer.Content.ReadAsStreamAsync(Cancel);
                await body.ReadExactlyAsync(new byte[100_000], Cancel);
            }
            await api.LogsAsync("ReadFile was called off");
            using (var gone = new CancellationTokenSource())
            {
                var sent = new TaskCompletionSource();
                using var put = new HttpRequestMessage(HttpMethod.Put, "/api/files/never") { Content = new EndlessContent(sent) };
                Task<HttpResponseMessage> answer = api.Client.SendAsync(put, gone.Token);
                await sent.Task.WaitAsync(Cancel);
                await gone.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            }
            await api.LogsAsync("WriteFile was called off");
            await ApiHost.ProblemAsync(await api.SendAsync("GET", "/api/files/never"), HttpStatusCode.NotFound, "unknown-file");
            // At any moment, before the function has begun included.
            await Parallel.ForEachAsync(Enumerable.Range(0, 100), Cancel, async (i, token) =>
            {
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(token);
                gone.CancelAfter(TimeSpan.FromMilliseconds(i % 10));
                try
                {
                    using HttpResponseMessage answer = await api.Client.GetAsync(new Uri("/api/jobs", UriKind.Relative), gone.Token);
                }
                catch (OperationCanceledException)
                {
                }
            });
            Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", "/api/health/ready")).StatusCode);
        }
        Assert.True(api.Complaints.Length == 0, api.Complaints);
    }

    [Fact]
    public async Task Open_streams_do_not_hold_the_end()
    {
        await using ApiHost api = await StartAsync();
        JobView job = await JobAsync(api);
        var (answer, _) = await EventsAsync(api, job, Cancel);
        using (answer)
        {
            long began = Stopwatch.GetTimestamp();
            await api.StopAsync();
            // The process would wait 30 s for a request that goes on.
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
        }
    }

    [Fact]
    public async Task A_process_that_is_told_to_end_ends_its_streams()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There is no SIGTERM here.");
        await using ApiHost api = await StartAsync();
        JobView job = await JobAsync(api);
        var (answer, events) = await EventsAsync(api, job, Cancel);
        using (answer)
        {
            using var worker = Process.GetProcessById(api.WorkerProcessId!.Value);
            long began = Stopwatch.GetTimestamp();
            using var kill = Process.Start("kill", ["-TERM", $"{worker.Id}"]);
            while (await events.ReadLineAsync(Cancel) is not null)
            {
                // To the stream's end, which is a clean one.
            }
            await worker.WaitForExitAsync(Cancel);
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
        }
        // The host starts the next one.
        await ApiHost.UntilAsync(async () => (await api.SendAsync("GET", "/api/health/live")).StatusCode == HttpStatusCode.OK,
            () => string.Join('\n', api.Log));
    }

    [Fact]
    public async Task A_stream_ends_with_its_time_and_the_process_goes_on()
    {
        var time = new ManualTime();
        await using ApiHost api = await StartAsync(time);
        JobView job = await JobAsync(api);
        int? process = api.WorkerProcessId;
        var (answer, _) = await EventsAsync(api, job, Cancel);
        using (answer)
        {
            time.Advance(TimeSpan.FromMinutes(30));
            await api.LogsAsync($"The events of {job.Id} end before it");
        }
        using HttpResponseMessage live = await api.SendAsync("GET", "/api/health/live");
        Assert.True(live.StatusCode == HttpStatusCode.OK, string.Join('\n', api.Log));
        Assert.Equal(process, api.WorkerProcessId);
    }

    /// <summary>A body that goes on until its request is cancelled.</summary>
    sealed class EndlessContent(TaskCompletionSource sent) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (int i = 0; ; i++)
            {
                await stream.WriteAsync(new byte[1000], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                if (i == 10) sent.TrySetResult();
                await Task.Delay(10, cancellationToken);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

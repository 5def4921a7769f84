using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DiffusionBatch.Cli.Tests.Local;
using DiffusionBatch.Cli.Tests.Running;

namespace DiffusionBatch.Cli.Tests.Otlp;

/// <summary>What the function app and a worker, each a process of its own, send to a collector of one job.</summary>
public sealed class TelemetryTests : IDisposable
{
    const string Trace = "0af7651916cd43dd8448eb211c80319c", Request = "b7ad6b7169203331";

    readonly TemporaryFolder _folder = new();
    readonly OtlpCollector _collector = new(Machine.FreePort());

    string State => Path.Combine(_folder.Path, "state");

    public void Dispose()
    {
        _collector.Dispose();
        _folder.Dispose();
    }

    UpProcess NewUp() => new()
    {
        Environment =
        {
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["Worker__Lease"] = "00:00:04",
            ["FunctionKeys__team"] = PlantedSecrets.Key,
        },
    };

    [Fact]
    public async Task A_job_has_one_trace_over_both_processes_and_no_secret_is_in_it()
    {
        SmallPipeline.Write(_folder);
        await using UpProcess up = NewUp();
        foreach ((string name, string value) in PlantedSecrets.Settings) up.Environment[name] = value;
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "1", "--otlp", _collector.Url);
        PlantedSecrets secrets = await PlantedSecrets.PlantAsync(up.Url!);
        using HttpClient client = Client(up.Url!);
        string job = await SubmitAsync(client, "manifest.json");
        Assert.Equal("completed", await EndOfAsync(client, job));
        await secrets.UseAsync();
        await _collector.UntilAsync(c => Of(c, "finalize job").Count == 3 && Of(c, "end task").Count == 3 && Of(c, "sample").Count > 0,
            "The whole trace");
        OtlpCollector.Span[] spans = [.. _collector.Spans.Where(s => s.Trace == Trace)];
        OtlpCollector.Span submit = Assert.Single(Of(_collector, "submit job"));
        OtlpCollector.Span function = Assert.Single(spans, s => s.Id == submit.Parent);
        Assert.Equal((Request, "dbatch-api", job), (function.Parent, function.Service, submit["dbatch.job.id"]));

        string[] kinds = ["finetune", "sample", "evaluate"];
        OtlpCollector.Span[] plans = [.. Of(_collector, "plan job").OrderBy(s => s.Start)],
            tasks = [.. Of(_collector, "run task").OrderBy(s => s.Start)], ends = [.. Of(_collector, "finalize job").OrderBy(s => s.Start)];
        Assert.Equal((3, 3, 3), (plans.Length, tasks.Length, ends.Length));
        for (int i = 0; i < 3; i++)
        {
            // The request's message asks for the first plan; the end of a job readies the next one.
            Assert.Equal(i == 0 ? submit.Id : ends[i - 1].Id, plans[i].Parent);
            Assert.Equal((plans[i].Id, "dbatch-worker", "completed", "1"),
                (tasks[i].Parent, tasks[i].Service, tasks[i]["dbatch.outcome"], tasks[i]["dbatch.task.attempt"]));
            Assert.Equal("dbatch-tasks-normal", tasks[i]["messaging.destination.name"]);
            Assert.All([plans[i], tasks[i], ends[i]], s => Assert.Equal((5UL, plans[i]["dbatch.job.id"]), (s.Kind, s["dbatch.job.id"])));
            Assert.All([plans[i], ends[i]], s => Assert.Equal("dbatch-api", s.Service));
            OtlpCollector.Span end = Assert.Single(Of(_collector, "end task"), s => s.Parent == tasks[i].Id);
            Assert.Equal(end.Id, ends[i].Parent);
            Assert.Contains(Of(_collector, kinds[i]), s => s.Parent == tasks[i].Id && s.Start >= tasks[i].Start && s.End <= end.End);
            Assert.Contains(Of(_collector, "prepare task"), s => s.Parent == tasks[i].Id);
        }
        OtlpCollector.Span[] device = [.. Of(_collector, "sample")];
        Assert.Equal(24, device.Sum(s => int.Parse(s["dbatch.items"], null)));
        Assert.True(device.Sum(s => int.Parse(s["dbatch.device.passes"], null)) is > 0 and < 100);
        // Few spans, whatever the passes: nothing else is in the trace but what the functions' host adds.
        Assert.True(spans.Length < 40, string.Join('\n', spans.Select(s => s.Name)));

        await _collector.UntilAsync(c =>
            c.Logs.Any(l => l.Service == "dbatch-worker" && l.Attributes.ContainsKey("dbatch.task.ordinal") && l.Trace == Trace),
            "A worker's log of the trace");
        Assert.Contains(_collector.Logs, l => l.Service == "dbatch-api" && l.Attributes.GetValueOrDefault("dbatch.job.id") == job);
        (string Name, string Unit)[] metrics =
        [
            ("messaging.client.sent.messages", "{message}"), ("messaging.client.consumed.messages", "{message}"),
            ("messaging.process.duration", "s"), ("dbatch.queue.wait", "s"),
            ("dbatch.queue.age", "s"), ("dbatch.queue.length", "{task}"), ("dbatch.poison.length", "{task}"), ("dbatch.items", "{item}"),
            ("dbatch.tokens", "{token}"),
            ("dbatch.device.passes", "{pass}"), ("dbatch.device.utilization", "1"),
        ];
        await _collector.UntilAsync(c => metrics.All(m => c.Metrics.GetValueOrDefault(m.Name) == m.Unit), "A metric");

        Dbatch.Ended ended = await up.InterruptAsync();
        await secrets.AreNowhereAsync(_collector, ended.Error + ended.Out, State);
    }

    [Fact]
    public async Task The_trace_of_a_job_whose_worker_was_killed_tells_of_both_attempts()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        SmallPipeline.Write(_folder, steps: 2000);
        await using UpProcess up = NewUp();
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "1", "--otlp", _collector.Url);
        using HttpClient client = Client(up.Url!);
        string job = await SubmitAsync(client, "manifest.json");
        var workers = new LocalWorkers(State, Path.Combine(State, "dbatch.db"));
        (string name, int process) = (await workers.HolderAsync())!.Value;
        Machine.Signal(process, "KILL");
        await LocalWorkers.EndAsync(process);
        Assert.Equal("completed", await EndOfAsync(client, job));

        await _collector.UntilAsync(c => Of(c, "run task").Count(s => s["dbatch.outcome"] == "completed") == 3, "The end of each job");
        OtlpCollector.Span[] attempts = [.. Of(_collector, "run task")
            .Where(s => Of(_collector, "finetune").Any(f => f["dbatch.job.id"] == s["dbatch.job.id"])).OrderBy(s => s.Start)];
        Assert.Equal(["1 lapsed", "2 completed"], attempts.Select(s => $"{s["dbatch.task.attempt"]} {s["dbatch.outcome"]}"));
        Assert.Equal((2UL, name), (attempts[0].Status, attempts[0]["dbatch.worker"]));
        Assert.True(attempts[0].Start < attempts[0].End && attempts[0].End <= attempts[1].Start + 1_000_000,
            "The first attempt ends before the second begins.");
        await _collector.UntilAsync(c => c.Metrics.GetValueOrDefault("dbatch.task.retries") == "{retry}", "The retry");
    }

    static List<OtlpCollector.Span> Of(OtlpCollector collector, string name) =>
        [.. collector.Spans.Where(s => s.Trace == Trace && s.Name == name)];

    HttpClient Client(Uri url)
    {
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Add("x-functions-key", PlantedSecrets.Key);
        return client;
    }

    async Task<string> SubmitAsync(HttpClient client, string manifest)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder.Path, "data")))
        {
            using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
            using HttpResponseMessage put =
                await client.PutAsync(new Uri($"api/files/data/{Path.GetFileName(file)}", UriKind.Relative), content);
            put.EnsureSuccessStatusCode();
        }
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "api/jobs")
        { Content = new StringContent(await File.ReadAllTextAsync(Path.Combine(_folder.Path, manifest))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("traceparent", $"00-{Trace}-{Request}-01");
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    static async Task<string> EndOfAsync(HttpClient client, string job)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            JsonElement shown =
                JsonDocument.Parse(await client.GetStringAsync(new Uri($"api/jobs/{job}", UriKind.Relative), limit.Token)).RootElement;
            if (shown.TryGetProperty("finishedAt", out JsonElement finished) && finished.ValueKind != JsonValueKind.Null)
                return shown.GetProperty("state").GetString()!;
            await Task.Delay(200, limit.Token);
        }
    }
}

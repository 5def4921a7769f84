using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dapper;
using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Tests.Running;
using Microsoft.Data.Sqlite;

namespace DiffusionBatch.Cli.Tests.Local;

/// <summary>The whole of it with real processes: Azurite, the API, two workers, and the commands of a user.</summary>
public sealed class UpTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string State => Path.Combine(_folder.Path, "state");

    // What runs of this test's pipeline, by number and command line: each process has the root on that, or in a variable.
    IReadOnlyList<string> Running() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Where(d => char.IsDigit(Path.GetFileName(d)[0]) && Path.GetFileName(d) != $"{Environment.ProcessId}")
            .Where(d => Read(d, "cmdline").Contains(State, StringComparison.Ordinal)
                || Read(d, "environ").Contains(State, StringComparison.Ordinal))
            .Select(d => $"{Path.GetFileName(d)} {Read(d, "cmdline")}")];

    static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file)).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    async Task UntilNothingRunsAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Running() is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, string.Join('\n', left));
            await Task.Delay(50, CancellationToken.None);
        }
    }

    // One that has ended since it was seen is dead as well.
    static void Kill(string process)
    {
        try
        {
            using var found = Process.GetProcessById(int.Parse(process.Split(' ')[0], CultureInfo.InvariantCulture));
            found.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Nobody has its number any more.
        }
    }

    // Seconds from the submit to the first claim of a task.
    static double FirstTaskAfter(string index)
    {
        using var connection = new SqliteConnection($"Data Source={index};Pooling=False;Default Timeout=10");
        connection.Open();
        return connection.ExecuteScalar<double>("select 86400.0 * (min(julianday(a.started_at)) - min(julianday(j.created_at))) from "
            + "attempts a join jobs j on j.id = a.job_id");
    }

    [Fact]
    public async Task A_pipeline_is_submitted_watched_fetched_and_one_interrupt_leaves_nothing()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        SmallPipeline.Write(_folder);
        await using var up = new UpProcess();
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "2");
        // dbatch, Azurite, the function app, two workers.
        Assert.True(Running().Count == 5, string.Join('\n', Running()));

        // A worker that is killed comes back.
        string victim = Assert.Single(Running(), c => c.Contains("GpuWorker", StringComparison.Ordinal)
            && c.Contains("worker-2", StringComparison.Ordinal));
        Kill(victim);
        await up.SaysAsync("worker-2 ended with code 137");

        var submitted = await up.RunAsync(_folder.Path, "submit", "manifest.json", "--upload", ".", "--wait");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        string job = submitted.Out.Trim();
        // Nobody looks into the queues that often: told of its messages, they take them at once.
        Assert.InRange(FirstTaskAfter(Path.Combine(State, "dbatch.db")), 0, 8);
        Assert.StartsWith("job_", job, StringComparison.Ordinal);
        Assert.Contains("uploaded data/train.jsonl", submitted.Error, StringComparison.Ordinal);

        var status = await up.RunAsync(_folder.Path, "status", "numbers", "--output", "json");
        JsonElement shown = JsonDocument.Parse(status.Out).RootElement;
        Assert.Equal((job, "completed", 3),
            (shown.GetProperty("id").GetString(), shown.GetProperty("state").GetString(), shown.GetProperty("jobs").GetArrayLength()));
        Assert.All(shown.GetProperty("jobs").EnumerateArray(), j => Assert.Equal("completed", j.GetProperty("state").GetString()));
        Assert.Contains("completed", (await up.RunAsync(_folder.Path, "status")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "watch", job)).ExitCode);

        var lines = await up.RunAsync(_folder.Path, "results", "translate", "--cell", "steps=2");
        Assert.Equal(Enumerable.Range(200, 12).Select(i => $"{i}"), lines.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()));
        var cells = await up.RunAsync(_folder.Path, "results", "translate");
        Assert.Equal(2, cells.ExitCode);
        Assert.Contains("steps=1, steps=2", cells.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "results", "score", "--out", "fetched")).ExitCode);
        Assert.Contains("\"bleu\"", File.ReadAllText(Path.Combine(_folder.Path, "fetched", "report.json")), StringComparison.Ordinal);

        _folder.Write("bad.json", "{\n  \"kind\": \"sample\", \"name\": \"x\", \"stepz\": 1 }");
        var bad = await up.RunAsync(_folder.Path, "submit", "bad.json");
        Assert.True(bad.ExitCode == 2, bad.Error);
        Assert.Contains("bad.json:2:", bad.Error, StringComparison.Ordinal);
        var ended = await up.RunAsync(_folder.Path, "cancel", job);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("completed already", ended.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await up.RunAsync(_folder.Path, "status", "nobody")).ExitCode);
        Assert.Contains("empty", (await up.RunAsync(_folder.Path, "poison", "list")).Error, StringComparison.Ordinal);
        var twice = await Dbatch.RunAsync(_folder.Path, "up", "--root", State);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("in use", twice.Error, StringComparison.Ordinal);

        Uri url = up.Url!;
        var stopped = await up.InterruptAsync();
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("ready", stopped.Out, StringComparison.Ordinal);
        Assert.Empty(Running());
        Assert.False(await Machine.ListensAsync(url.Port));

        // The same manifest in one process leaves the same index.
        var run = await Dbatch.RunAsync(_folder.Path, "run", "manifest.json");
        Assert.True(run.ExitCode == 0, run.Error);
        IReadOnlyList<string> there = IndexRows.Read(Path.Combine(State, "dbatch.db"), clocks: true),
            here = IndexRows.Read(Path.Combine(_folder.Path, "dbatch.db"), clocks: true);
        Assert.True(there.SequenceEqual(here), string.Join('\n', [.. there.Except(here), "in place of", .. here.Except(there)]));
    }

    [Fact]
    public async Task Its_addresses_are_one_line_of_JSON_and_results_and_schedules_can_be_had_there()
    {
        SmallPipeline.Write(_folder);
        await using var up = new UpProcess();
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "1", "--output", "json");
        Assert.Equal(0, (await up.RunAsync(_folder.Path, "submit", "manifest.json", "--upload", ".", "--wait")).ExitCode);
        var exported = await up.RunAsync(_folder.Path, "export", "translate", "--format", "parquet", "--out", "out/t.parquet");
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(Path.Combine(_folder.Path, "out", "t.parquet"))[^4..]);
        var scores = await up.RunAsync(_folder.Path, "export", "score", "--format", "csv");
        string[] lines = scores.Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("job,cell,id,text,score,length,nfe,errorCode,bleu,chrf", 25), (lines[0], lines.Length));
        Assert.Equal(2, (await up.RunAsync(_folder.Path, "export", "nobody")).ExitCode);

        _folder.Write("bad.yaml", "kind: sample\nname: s-{run}\nmodel: { from: models/numbers }\ninputs: x\n");
        var bad = await up.RunAsync(_folder.Path, "schedule", "add", "often", "bad.yaml", "--cron", "* * * * * *");
        Assert.True(bad.ExitCode == 2, bad.Error);
        Assert.Contains("bad.yaml:4:9: /inputs", bad.Error, StringComparison.Ordinal);
        _folder.Write("often.yaml", "kind: sample\nname: s-{run}\nmodel: { from: models/numbers }\ninput: data/test.jsonl\nsampler: { "
            + "steps: 1 }\noutput: results/s-{run}\n");
        var added = await up.RunAsync(_folder.Path, "schedule", "add", "often", "often.yaml", "--cron", "* * * * * *", "--overlap", "skip");
        Assert.True(added.ExitCode == 0, added.Error);
        Assert.Equal(5, added.Out.Split('\n').Count(l => l.StartsWith("next", StringComparison.Ordinal)));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await up.RunAsync(_folder.Path, "schedule", "show", "often")).Out.Contains("submitted", StringComparison.Ordinal))
            await Task.Delay(200, limit.Token);
        foreach (string verb in (string[])["pause", "resume", "remove"])
            Assert.Equal(0, (await up.RunAsync(_folder.Path, "schedule", verb, "often")).ExitCode);
        string url = up.Url!.ToString().TrimEnd('/');
        var stopped = await up.InterruptAsync();
        Assert.Equal($$"""{"api":"{{url}}/api","dashboard":"{{url}}/dashboard","openai":"{{url}}/v1"}""", stopped.Out.Trim());
    }

    [Fact]
    public async Task A_killed_up_leaves_no_process()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        await using var up = new UpProcess();
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "1");
        Assert.Contains(Running(), c => c.Contains("DiffusionBatch.Functions.dll", StringComparison.Ordinal));
        await up.KillAsync();
        await UntilNothingRunsAsync();
    }

    [Fact]
    public async Task A_killed_function_app_comes_back_and_jobs_go_on()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("This looks at processes under /proc.");
        SmallPipeline.Write(_folder);
        await using var up = new UpProcess();
        await up.StartAsync(_folder.Path, "--root", State, "--workers", "1");
        var submitted = await up.RunAsync(_folder.Path, "submit", "manifest.json", "--upload", ".");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        Task<Dbatch.Ended> watched = up.RunAsync(_folder.Path, "watch", submitted.Out.Trim());
        for (int kills = 0; kills < 3; kills++)
        {
            if (Running().FirstOrDefault(c => c.Contains("DiffusionBatch.Functions.dll", StringComparison.Ordinal)) is { } app) Kill(app);
            await Task.Delay(1500, TestContext.Current.CancellationToken);
        }
        await up.SaysAsync("The worker process ended with code 137");
        Dbatch.Ended ended = await watched;
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(130, (await up.InterruptAsync()).ExitCode);
        Assert.Empty(Running());
    }
}

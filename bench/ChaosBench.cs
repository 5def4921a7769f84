using System.Diagnostics;
using DiffusionBatch.Testing;

namespace DiffusionBatch.Bench;

/// <summary>
/// The pipeline under fire, with real processes on Azurite: while a sample job runs, workers are killed by SIGKILL every two
/// seconds and now and then stopped by SIGTERM, and PostgreSQL is away for ten seconds; then a finetune loses its worker
/// several times. What comes out must be what <c>dbatch run</c> makes of the same manifests undisturbed, to the byte.
/// </summary>
internal static class ChaosBench
{
    // Saved often, so that a killed worker's successor has something to go on from.
    private static readonly TimeSpan s_betweenKills = TimeSpan.FromSeconds(2), s_betweenCheckpoints = TimeSpan.FromSeconds(2);

    internal static int Run(BenchOptions options)
    {
        if (!OperatingSystem.IsLinux())
            throw new ArgumentException("chaos finds and signals workers through /proc: it runs on Linux only");
        return RunAsync(options).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(BenchOptions options)
    {
        string root = options.Root ?? Path.Combine(Path.GetTempPath(), $"dbatch-chaos-{Environment.ProcessId}");
        Console.WriteLine($"{Machine.Description}; index in {options.Database}; files in {root}");
        var data = new ChaosData(root);
        data.Write(options.Count ?? ChaosData.Items, options.Shards);
        if (Directory.Exists(data.State))
            Directory.Delete(data.State, recursive: true);
        await MakeAsync(data, ChaosData.Train);
        if (options.Wants("sample"))
            await MakeAsync(data, ChaosData.Sample);
        if (options.Wants("finetune"))
            await MakeAsync(data, ChaosData.Finetune);

        await using PostgresServer? server = options.Database == "postgres"
            ? await PostgresServer.StartNewAsync()
                ?? throw new ArgumentException("--database postgres: PostgreSQL isn't installed; on Debian, apt install postgresql")
            : null;
        await using UpProcess up = await UpProcess.StartAsync(data.State, options.Workers, server?.Connection("postgres"),
            s_betweenCheckpoints);
        var index = new ChaosIndex(data.State, server?.Connection("postgres"));
        var checks = new Checks();
        if (options.Wants("sample"))
            await SampleAsync(options, data, up, index, server, checks);
        if (options.Wants("finetune"))
            await FinetuneAsync(options, data, up, index, checks);
        await CheckEndAsync(up, checks);

        checks.Save(options);
        if (checks.Failed > 0)
            Console.WriteLine($"{checks.Failed} checks failed; all files are kept in {root}");
        else if (options.Root is null)
            Directory.Delete(root, recursive: true);
        return checks.Failed > 0 ? 1 : 0;
    }

    // What is to be compared with.
    private static async Task MakeAsync(ChaosData data, string manifest)
    {
        long started = Stopwatch.GetTimestamp();
        await DbatchProcess.RunAsync(data.Undisturbed, "run", manifest);
        Console.WriteLine($"undisturbed  dbatch run {manifest} took {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    private static async Task SampleAsync(BenchOptions options, ChaosData data, UpProcess up, ChaosIndex index, PostgresServer? server,
        Checks checks)
    {
        var fire = new Fire(data.State, index, options.Seed);
        Task firing = fire.RunAsync(options.Kills, s_betweenKills, server);
        List<Round> rounds = await Round.RepeatAsync(data, up, ChaosData.Sample, firing);
        checks.Tell($"sample: {fire.Kills} SIGKILLs every {s_betweenKills.TotalSeconds:0} s, {fire.Terms} SIGTERMs, {rounds.Count} rounds");
        foreach (Round round in rounds)
            SampleComparison.Check(data, round, index, checks);
        checks.Note("workers restarted", up.Count("Worker worker-") - options.Workers);
        checks.Equal("SIGKILLs", options.Kills, fire.Kills);
        checks.AtMost("slowest end after SIGTERM, s", fire.SlowestTerm.TotalSeconds, 10);
        if (server is not null)
            checks.Note("database away, s", fire.Outage.TotalSeconds);
        foreach ((string outcome, long count) in index.Attempts([.. rounds.Select(r => r.Job)]))
            checks.Note($"attempts {outcome}", count);
        checks.Note("attempts fenced off", up.Count("is fenced off"));
    }

    private static async Task FinetuneAsync(BenchOptions options, ChaosData data, UpProcess up, ChaosIndex index, Checks checks)
    {
        const int Kills = 5;
        var fire = new Fire(data.State, index, options.Seed);
        List<Round> rounds = await Round.RepeatAsync(data, up, ChaosData.Finetune, fire.AtHoldersAsync(Kills));
        checks.Tell($"finetune: its worker killed {fire.Kills} times, {rounds.Count} rounds");
        foreach (Round round in rounds)
        {
            checks.Equal("state", "completed", round.State);
            foreach (string file in (string[])["model.safetensors", "length_predictor.safetensors"])
                checks.SameBytes(file, Path.Combine(data.Undisturbed, ChaosData.Finetuned, file), Path.Combine(round.Fetched, file));
        }
        checks.Equal("SIGKILLs", Kills, fire.Kills);
        foreach ((string outcome, long count) in index.Attempts([.. rounds.Select(r => r.Job)]))
            checks.Note($"attempts {outcome}", count);
    }

    // One interrupt stops all that there is.
    private static async Task CheckEndAsync(UpProcess up, Checks checks)
    {
        checks.Tell("one SIGINT to dbatch up");
        TimeSpan took = await up.InterruptAsync();
        checks.Equal("exit code", 130, up.ExitCode);
        checks.Equal("processes left", 0, Workers.All(up.State).Count);
        checks.Equal("ports left", 0, await up.ListensAsync() ? 1 : 0);
        checks.Note("seconds to the end", took.TotalSeconds);
    }
}

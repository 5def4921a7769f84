namespace DiffusionBatch.Bench;

/// <summary>
/// What the pipeline costs beside the sampling itself: one manifest by <c>dbatch run</c>, and by <c>dbatch up</c> on Azurite with one
/// worker, and with two that share the cores. Measured from the first claim of a task to the completed job, against <c>dbatch run</c>'s
/// sampling; on all sides the model's loading and all that is written down are in it, start-up, checks and planning are not.
/// </summary>
internal static class OverheadBench
{
    private const int Items = 10_000, Steps = 24;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private static readonly Report s_report = new(
        ("round", 6), ("items", 6), ("shard", 6), ("threads", 8), ("ms/item", 8), ("dbatch run s", 13), ("pipeline s", 11),
        ("overhead %", 11), ("two workers s", 13), ("one/two", 7));

    internal static int Run(BenchOptions options)
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.Name;
        int items = options.Count ?? Items;
        OverheadCase.Write(folder, items);
        RunAsync(folder, "make", OverheadCase.Making).GetAwaiter().GetResult();
        var alone = new List<double>();
        var piped = new List<double>();
        var shared = new List<double>();
        for (int round = 1; round <= (options.Runs ?? 3); round++)
        {
            alone.Add(AloneAsync(folder, $"results/run-{round}", options).GetAwaiter().GetResult());
            piped.Add(PipedAsync(folder, $"results/pipeline-{round}", 1, options).GetAwaiter().GetResult());
            shared.Add(PipedAsync(folder, $"results/workers-{round}", 2, options).GetAwaiter().GetResult());
            Row($"{round}", items, options, alone[^1], piped[^1], shared[^1]);
        }

        Row("median", items, options, Timing.Of(alone).Median, Timing.Of(piped).Median, Timing.Of(shared).Median);
        s_report.Save(options, null);
        return 0;
    }

    private static async Task<double> AloneAsync(string folder, string output, BenchOptions options)
    {
        await RunAsync(folder, Path.GetFileName(output), OverheadCase.Sampling(output, Steps, options.Shard));
        return IndexTimes.Worked(Path.Combine(folder, "dbatch.db"), output);
    }

    private static async Task<double> PipedAsync(string folder, string output, int workers, BenchOptions options)
    {
        string root = Path.Combine(folder, Path.GetFileName(output));
        var up = await LocalUp.StartAsync(root, workers);
        await using (up)
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, OverheadCase.Model))
                .Append(Path.Combine(folder, OverheadCase.Input)))
                await up.UploadAsync(Path.GetRelativePath(folder, file), file);
            (string job, _) = await up.SubmitAsync(OverheadCase.Sampling(output, Steps, options.Shard));
            await up.WaitAsync(job, s_pause, view => view.GetProperty("state").GetString() == "completed");
            return IndexTimes.Worked(Path.Combine(root, "dbatch.db"), output);
        }
    }

    private static async Task RunAsync(string folder, string name, string manifest)
    {
        string file = Path.Combine(folder, name + ".json");
        await File.WriteAllTextAsync(file, manifest);
        await DbatchProcess.RunAsync(folder, "run", file);
    }

    private static void Row(string round, int items, BenchOptions options, double alone, double piped, double shared) =>
        s_report.Row(round, items, options.Shard, Environment.ProcessorCount, alone / items * 1e3, alone, piped, (piped / alone - 1) * 100,
            shared, piped / shared);
}

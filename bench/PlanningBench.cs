using System.Globalization;

namespace DiffusionBatch.Bench;

/// <summary>
/// Planning a sample job over a million rows: checked, hashed, cut into tasks and written into the index. On Azurite it is
/// the API of <c>dbatch up</c> that plans; on a folder, which the API doesn't work on, this process. Sending the tasks'
/// messages goes on behind and isn't counted.
/// </summary>
internal static class PlanningBench
{
    private const int Rows = 1_000_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private static readonly Report s_report = new(
        ("store", -8), ("index", -11), ("rows", 9), ("input MB", 9), ("shard", 6), ("tasks", 8), ("submit s", 9), ("plan s", 8),
        ("rows/s", 9), ("peak MB", 8), ("before MB", 10));

    internal static int Run(BenchOptions options)
    {
        if (!ProcessMemory.IsKnown)
            throw new ArgumentException("planning: the peak of a process's memory is read as Linux tells it");
        using var temporary = new TemporaryFolder();
        string folder = temporary.Name;
        string input = Path.Combine(folder, "root", "data", "in.jsonl"), model = Path.Combine(folder, "root", "models", "m");
        SampleRows.Write(input, options.Count ?? Rows);
        Directory.CreateDirectory(model);
        File.WriteAllText(Path.Combine(model, "config.json"), """{"model_type":"xlm-roberta"}""");
        File.WriteAllText(Path.Combine(model, "tokenizer.json"), "{}");
        var sizes = new Sizes(options.Count ?? Rows, new FileInfo(input).Length / 1e6, options.Shard);
        if (options.Wants("folder SQLite"))
            FolderAsync(sizes, folder, "SQLite", Path.Combine(folder, "index.db")).GetAwaiter().GetResult();
        if (options.Index is { } index && options.Wants("folder PostgreSQL"))
            FolderAsync(sizes, folder, "PostgreSQL", index).GetAwaiter().GetResult();
        if (options.Wants("Azurite SQLite"))
            AzuriteAsync(sizes, Path.Combine(folder, "up"), input, model).GetAwaiter().GetResult();
        s_report.Save(options, null);
        return 0;
    }

    private static async Task FolderAsync(Sizes sizes, string folder, string name, string index)
    {
        var here = new FolderPlan(Path.Combine(folder, "root"), index);
        await using (here)
        {
            double before = Reset(Environment.ProcessId);
            (double submit, double plan, int tasks) = await here.RunAsync(Manifest(name.ToLowerInvariant(), sizes.Shard));
            Row("folder", name, sizes, tasks, submit, plan, ProcessMemory.PeakMegabytes(Environment.ProcessId), before);
        }
    }

    private static async Task AzuriteAsync(Sizes sizes, string root, string input, string model)
    {
        var up = await LocalUp.StartAsync(root, workers: 0);
        await using (up)
        {
            await up.UploadAsync("data/in.jsonl", input);
            foreach (string file in Directory.EnumerateFiles(model))
                await up.UploadAsync("models/m/" + Path.GetFileName(file), file);
            int api = up.Api;
            double before = Reset(api);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            (string job, double submit) = await up.SubmitAsync(Manifest("azurite", sizes.Shard));
            // Its fingerprint is told once it is planned.
            var planned = await up.WaitAsync(job, s_pause, view => view.TryGetProperty("fingerprint", out var value)
                && value.GetString() is { Length: > 0 });
            double plan = clock.Elapsed.TotalSeconds - submit;
            int tasks = planned.GetProperty("tasks").EnumerateObject().Sum(state => state.Value.GetInt32());
            Row("Azurite", "SQLite", sizes, tasks, submit, plan, ProcessMemory.PeakMegabytes(api), before);
        }
    }

    private static double Reset(int process)
    {
        ProcessMemory.Reset(process);
        return ProcessMemory.PeakMegabytes(process);
    }

    private static string Manifest(string name, int shard) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"kind":"sample","name":"{{{name}}}","model":{"from":"models/m"},"input":"data/in.jsonl","sampler":{"steps":[8,16],"length":{"source":"fixed","value":16}},"shardSize":{{{shard}}},"output":"results/{{{name}}}"}""");

    private static void Row(string store, string index, Sizes sizes, int tasks, double submit, double plan, double peak, double before) =>
        s_report.Row(store, index, sizes.Rows, sizes.Megabytes, sizes.Shard, tasks, submit, plan, sizes.Rows / plan, peak, before);

    private readonly record struct Sizes(int Rows, double Megabytes, int Shard);
}

using System.Text;
using System.Text.Json;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.GpuWorker.Tests;

/// <summary>A storage root in a temporary folder on which real jobs run.</summary>
public sealed class WorkRoot : IDisposable
{
    readonly LocalTasks _tasks = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("dbatch-work-").FullName;

    /// <summary>Copies the tiny golden XLM-R to models/golden, or skips the test.</summary>
    public WorkRoot WithGoldenModel(bool predictor = true)
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        Directory.CreateDirectory(Path("models/golden"));
        foreach (string file in (string[])["config.json", "model.safetensors",
            .. predictor ? ["length_predictor.safetensors"] : Array.Empty<string>()])
            File.Copy(System.IO.Path.Combine(golden, file), Path($"models/golden/{file}"));
        return this;
    }

    public string Path(string relative) => System.IO.Path.Combine(Folder, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
        File.WriteAllText(Path(relative), text, new UTF8Encoding(false));
    }

    public void WriteLines(string relative, IEnumerable<object> lines) =>
        Write(relative, string.Concat(lines.Select(l => JsonSerializer.Serialize(l) + "\n")));

    /// <summary>Runs a manifest given as JSON, as the command line does.</summary>
    public async Task<JobOutcome> Run(string manifest, IProgress<JobProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Write("job.json", manifest);
        ManifestReading reading = ManifestReader.Read(Path("job.json"), Folder);
        if (reading.Manifest is null) return new JobOutcome(JobVerdict.BadInput, [], reading.Problems);
        return await new JobRunner(Folder, _tasks, new JobRunnerOptions { ManifestFile = "job.json" }).RunAsync(reading.Manifest, progress,
            cancellationToken);
    }

    public async Task<JobOutcome> MustRun(string manifest)
    {
        JobOutcome outcome = await Run(manifest);
        Assert.True(
            outcome.Verdict is JobVerdict.Done or JobVerdict.DoneWithErrors,
            $"{outcome.Verdict} {outcome.Error} {string.Join("; ", outcome.Problems)} "
                + $"{string.Join("; ", outcome.Jobs.Select(j => j.Error))}");
        return outcome;
    }

    /// <summary>The lines of a cell's parts by their items' ids.</summary>
    public Dictionary<string, string> Lines(string cellFolder, string kind = "part")
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Directory.GetFiles(Path(cellFolder), kind + "-*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines))
        {
            string id = JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!;
            lines[id] = lines.GetValueOrDefault(id) + line;
        }
        return lines;
    }

    public SortedDictionary<string, string> Files(string relative)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path(relative), "*", SearchOption.AllDirectories))
            if (System.IO.Path.GetFileName(file) != "manifest.json")
                files[System.IO.Path.GetRelativePath(Path(relative), file)] =
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        return files;
    }

    public void Dispose()
    {
        _tasks.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

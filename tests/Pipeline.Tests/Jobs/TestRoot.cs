using System.Text;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Local;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

/// <summary>A storage root in a temporary folder, with a model, an input of 23 lines and the means to run jobs on it.</summary>
public sealed class TestRoot : IDisposable
{
    public TestRoot()
    {
        Folder = Directory.CreateTempSubdirectory("dbatch-test-").FullName;
        Write("models/m/config.json", "{}");
        Write("models/m/model.safetensors", "weights");
        Write("models/m/tokenizer.json", "{}");
        WriteInput(Enumerable.Range(0, 23));
    }

    public string Folder { get; }

    public string Path(string relative) => System.IO.Path.Combine(Folder, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
        File.WriteAllText(Path(relative), text, new UTF8Encoding(false));
    }

    public void WriteInput(IEnumerable<int> items, string file = "data/in.jsonl") =>
        Write(file,
            string.Concat(
                items.Select(i => $"{{\"id\":\"i{i}\",\"source\":\"Größe {i}\",\"target\":\"size {i}\",\"extra\":{{\"n\":{i}}}}}\n")));

    public static SampleManifest Sample() => new()
    {
        Name = "s",
        Model = new ModelReference { From = "models/m" },
        Input = "data/in.jsonl",
        Sampler = ((Sweep<SamplerSettings>)new SamplerSettings()).Over("steps", 1, 8),
        ShardSize = 4,
        Trace = true,
        Output = "results/s",
    };

    internal Task<JobOutcome> Run(JobManifest manifest, FakeTasks tasks, CrashPoint? crash = null, IProgress<JobProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var options = new JobRunnerOptions { ManifestFile = "m.json" };
        if (crash is not null) options = options with { Store = store => crash.Wrap(store), Index = index => crash.Wrap(index) };
        return new JobRunner(Folder, tasks, options).RunAsync(manifest, progress, cancellationToken);
    }

    /// <summary>All files under a folder with their bytes, but for the job's own manifest, which holds times.</summary>
    public SortedDictionary<string, string> Files(string relative)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path(relative), "*", SearchOption.AllDirectories))
            if (System.IO.Path.GetFileName(file) != "manifest.json")
                files[System.IO.Path.GetRelativePath(Path(relative), file)] = Convert.ToHexString(File.ReadAllBytes(file));
        return files;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

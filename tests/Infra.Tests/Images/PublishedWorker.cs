using DiffusionBatch.Infra.Tests.Images;
using DiffusionBatch.Infra.Tests.Running;

[assembly: AssemblyFixture(typeof(PublishedWorker))]

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>
/// The worker for CPUs as its image has it: made by the commands of Dockerfile.worker in a temporary folder, once for all tests, then moved
/// to a folder of its own and started from there as the image starts it.
/// </summary>
public sealed class PublishedWorker : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-image-").FullName;
    string? _app;

    /// <summary>What its image is.</summary>
    internal Dockerfile Image { get; } = Dockerfile.Worker(("BACKEND", "cpu"));

    /// <summary>Where jemalloc is installed, which the image brings; null where this machine lacks it.</summary>
    internal static string? Jemalloc { get; } = Machine.Library("libjemalloc.so.2");

    /// <summary>The published folder; the first to ask has it made.</summary>
    public async Task<string> MakeAsync()
    {
        if (!OperatingSystem.IsLinux()) Machine.Lacks("The image's commands are for Linux.");
        await _gate.WaitAsync();
        try
        {
            if (_app is not null) return _app;
            string stages = Path.Combine(_folder, "stages"), app = Path.Combine(_folder, "app");
            var run = new StageRun(Image, await BuildContext.ReadAsync(), stages);
            await run.RunAsync("node");
            Directory.Move(Path.Combine(await run.RunAsync("build"), "publish"), app);
            Directory.Delete(stages, recursive: true);
            return _app = app;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts it with settings and nothing else of this machine's environment: an empty home, no package cache.</summary>
    internal async Task<RunningProgram> StartAsync(string home, IReadOnlyDictionary<string, string> settings)
    {
        string app = await MakeAsync();
        var environment = new Dictionary<string, string>(settings)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = home,
            ["TMPDIR"] = home,
            ["NUGET_PACKAGES"] = Path.Combine(home, "packages"),
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root) environment["DOTNET_ROOT"] = root;
        // The image's own port may be another's on this machine.
        environment.TryAdd("Worker__HealthPort", $"{Machine.FreePort()}");
        foreach (var (name, value) in Image.Variables)
            if (name != "LD_PRELOAD" || Jemalloc is not null) environment.TryAdd(name, value);
        string[] words = System.Text.Json.JsonSerializer.Deserialize<string[]>(Image.Image.Last(i => i.Name == "ENTRYPOINT").Text)!;
        return RunningProgram.Start(app, [Machine.Find(words[0])!, .. words[1..]], environment, alone: true);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
        return default;
    }
}

using DiffusionBatch.Infra.Tests.Images;
using DiffusionBatch.Infra.Tests.Running;

[assembly: AssemblyFixture(typeof(PublishedImages))]

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>
/// The worker for CPUs and the function app as their images have them: made by the commands of their Dockerfiles in a temporary folder,
/// once for all tests and one behind the other, so that what both are made of is compiled once; each is moved to a folder of its own.
/// </summary>
public sealed class PublishedImages : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-image-").FullName;
    readonly Dictionary<Dockerfile, string> _apps = [];

    /// <summary>The worker's image.</summary>
    internal Dockerfile Worker { get; } = Dockerfile.Worker(("BACKEND", "cpu"));

    /// <summary>The function app's.</summary>
    internal Dockerfile Functions { get; } = Dockerfile.Read("Dockerfile.functions");

    /// <summary>Where jemalloc is installed, which the image brings; null where this machine lacks it.</summary>
    internal static string? Jemalloc { get; } = Machine.Library("libjemalloc.so.2");

    /// <summary>The folder of what an image publishes; the first to ask has it made.</summary>
    /// <param name="image"><see cref="Worker"/> or <see cref="Functions"/>.</param>
    internal async Task<string> MakeAsync(Dockerfile image)
    {
        if (!OperatingSystem.IsLinux()) Machine.Lacks("The images' commands are for Linux.");
        await _gate.WaitAsync();
        try
        {
            if (_apps.TryGetValue(image, out string? made)) return made;
            string stages = Path.Combine(_folder, "stages"), app = Path.Combine(_folder, $"app-{_apps.Count}");
            Assert.Equal(Worker["node"].Instructions, image["node"].Instructions);
            var run = new StageRun(image, await BuildContext.ReadAsync(), stages);
            if (_apps.Count == 0) await run.RunAsync("node");
            Directory.Move(Path.Combine(await run.RunAsync("build"), "publish"), app);
            return _apps[image] = app;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts the worker with settings and nothing else of this machine's environment: an empty home, no package cache.</summary>
    internal async Task<RunningProgram> StartWorkerAsync(string home, IReadOnlyDictionary<string, string> settings)
    {
        string app = await MakeAsync(Worker);
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
        foreach (var (name, value) in Worker.Variables)
            if (name != "LD_PRELOAD" || Jemalloc is not null) environment.TryAdd(name, value);
        string[] words = System.Text.Json.JsonSerializer.Deserialize<string[]>(Worker.Image.Last(i => i.Name == "ENTRYPOINT").Text)!;
        return RunningProgram.Start(app, [Machine.Find(words[0])!, .. words[1..]], environment, alone: true);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
        return default;
    }
}

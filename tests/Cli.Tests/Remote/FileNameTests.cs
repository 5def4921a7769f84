using System.Text.Json;
using DiffusionBatch.LocalHost;

namespace DiffusionBatch.Cli.Tests.Remote;

/// <summary>Files go to a server and come back under their own names: the real API on a folder, no workers.</summary>
public sealed class FileNameTests : IAsyncLifetime
{
    const string Output = "results/größe 100%25 +#?";

    readonly TemporaryFolder _folder = new();

    FunctionsHost? _host;

    string Stored(string path) => _folder[$"server/{path}"];

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["Pipeline__Folder"] = _folder["server"],
            ["Pipeline__Index"] = _folder["index.db"]
        };
        foreach (string function in (string[])["Control", "Relay", "Reconcile", "Retain"])
            settings[$"AzureWebJobs.{function}.Disabled"] = "true";
        _host = await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory) { Settings = settings },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    Task<Dbatch.Ended> RunAsync(params string[] arguments) =>
        Dbatch.RunAsync(_folder["here"], [.. arguments, "--server", _host!.Url.ToString()]);

    void WriteManifest(string model, string input) => _folder.Write("here/m.json", JsonSerializer.Serialize(new
    {
        kind = "sample",
        name = "s",
        model = new { from = model },
        input,
        sampler = new { length = new { source = "fixed", value = 3 } },
        output = Output,
    }));

    [Fact]
    public async Task Every_name_goes_up_and_comes_down()
    {
        const string model = "models/m%20ä+#?", input = "data/a%20b &c=d.jsonl";
        WriteManifest(model, input);
        _folder.Write($"here/{input}", "{\"id\":\"1\",\"source\":\"a\"}\n");
        _folder.Write($"here/{model}/config.json", "{\"model_type\":\"xlm-roberta\"}");
        _folder.Write($"here/{model}/tokenizer.json", "{}");
        // Hidden entries are work in progress.
        string[] sent = [.. FileNames.All.Where(name => !name.StartsWith('.'))];
        foreach (string name in sent) _folder.Write($"here/{model}/{name}", name);

        Dbatch.Ended submitted = await RunAsync("submit", "m.json", "--upload", ".");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        Assert.True(File.Exists(Stored(input)));
        Assert.Equal(sent.Append("config.json").Append("tokenizer.json").Order(StringComparer.Ordinal),
            Directory.GetFiles(Stored(model)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.All(sent, name => Assert.Equal(name, File.ReadAllText(Stored($"{model}/{name}"))));

        foreach (string name in FileNames.All) _folder.Write($"server/{Output}/{name}", name);
        Dbatch.Ended fetched = await RunAsync("results", "s", "--out", "fetched");
        Assert.True(fetched.ExitCode == 0, fetched.Error);
        Assert.Equal(FileNames.All.Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder["here/fetched"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.All(FileNames.All, name => Assert.Equal(name, File.ReadAllText(_folder[$"here/fetched/{name}"])));
    }

    [Fact]
    public async Task A_linked_cache_goes_up_as_files_and_what_cannot_be_kept_is_told_before_any_does()
    {
        _folder.Write("here/data/in.jsonl", "{\"id\":\"1\",\"source\":\"a\"}\n");
        _folder.Write("cache/blobs/b", "{\"model_type\":\"xlm-roberta\"}");
        _folder.Write("cache/snapshots/1/tokenizer.json", "{}");
        File.CreateSymbolicLink(_folder["cache/snapshots/1/config.json"], "../../blobs/b");
        Directory.CreateDirectory(_folder["here/models"]);
        Directory.CreateSymbolicLink(_folder["here/models/x"], "../../cache/snapshots/1");
        WriteManifest("models/x", "data/in.jsonl");

        _folder.Write("cache/snapshots/1/a\\b", "");
        Dbatch.Ended refused = await RunAsync("submit", "m.json", "--upload", ".");
        Assert.Equal((2, false), (refused.ExitCode, Path.Exists(_folder["server/data"])));
        Assert.Contains("models/x/a\\b: the file's name can't be kept by the server: folders are separated by \"/\"", refused.Error,
            StringComparison.Ordinal);
        File.Delete(_folder["cache/snapshots/1/a\\b"]);

        Directory.CreateSymbolicLink(_folder["cache/snapshots/1/up"], "..");
        refused = await RunAsync("submit", "m.json", "--upload", ".");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("models/x/up is a symbolic link to a folder that it lies in", refused.Error, StringComparison.Ordinal);
        Directory.Delete(_folder["cache/snapshots/1/up"]);

        Dbatch.Ended submitted = await RunAsync("submit", "m.json", "--upload", ".");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        Assert.Equal("{\"model_type\":\"xlm-roberta\"}", File.ReadAllText(Stored("models/x/config.json")));

        // A disk that fills up here isn't a connection that was lost.
        _folder.Write($"server/{Output}/large", new string('x', 1 << 20));
        Directory.CreateDirectory(_folder["here/full"]);
        using (Mount.Tiny(_folder["here/full"]))
        {
            Dbatch.Ended full = await RunAsync("results", "s", "--out", "full");
            Assert.Equal(1, full.ExitCode);
            Assert.DoesNotContain("the connection", full.Error, StringComparison.Ordinal);
            Assert.Contains("the disk is full", full.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_folder["here/full"]));
        }
    }
}

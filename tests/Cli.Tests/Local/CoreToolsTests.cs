using System.Text.Json;
using DiffusionBatch.LocalHost;

namespace DiffusionBatch.Cli.Tests.Local;

/// <summary>
/// <c>dbatch up --host func</c>, with a program in place of Core Tools that keeps what it was started with and answers all requests.
/// </summary>
public sealed class CoreToolsTests : IDisposable
{
    const string Func = """
        #!/usr/bin/env node
        const fs = require('fs'), http = require('http'), args = process.argv.slice(2);
        if (args[0] === '--version') { console.log(process.env.FUNC_VERSION); process.exit(0); }
        fs.writeFileSync(process.env.FUNC_SEEN, JSON.stringify({ args, folder: process.cwd(), env: process.env }));
        http.createServer((request, response) => response.end('{}')).listen(+args[args.indexOf('--port') + 1], '127.0.0.1');
        console.log('func is listening');
        """;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Dictionary<string, string> WithFunc(string version)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The program in place of func is a script for Unix.");
        _folder.Write("bin/func", Func);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_folder.Path, "bin", "func"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new()
        {
            ["PATH"] = $"{Path.Combine(_folder.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["FUNC_VERSION"] = version,
            ["FUNC_SEEN"] = Path.Combine(_folder.Path, "seen.json")
        };
    }

    [Fact]
    public async Task Core_Tools_run_the_built_app_with_its_settings_and_stop_with_all_else()
    {
        await using var up = new UpProcess();
        foreach (var (name, value) in WithFunc("4.5.0")) up.Environment[name] = value;
        await up.StartAsync(_folder.Path, "--root", "state", "--workers", "0", "--host", "func");
        await up.SaysAsync("api      | func is listening");
        JsonElement seen = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, "seen.json"))).RootElement;
        Assert.Equal(["start", "--no-build", "--port", $"{up.Url!.Port}"],
            seen.GetProperty("args").EnumerateArray().Select(a => a.GetString()));
        string app = seen.GetProperty("folder").GetString()!;
        Assert.All((string[])["host.json", "functions.metadata", "worker.config.json", "extensions.json", "DiffusionBatch.Functions.dll",
            ".azurefunctions"], f => Assert.True(Path.Exists(Path.Combine(app, f)), f));
        JsonElement environment = seen.GetProperty("env");
        Assert.Equal("dotnet-isolated", environment.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
        Assert.Contains("QueueEndpoint=", environment.GetProperty("AzureWebJobsStorage").GetString(), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder.Path, "state", "dbatch.db"), environment.GetProperty("Pipeline__Index").GetString());
        Uri url = up.Url;
        Assert.Equal(130, (await up.InterruptAsync()).ExitCode);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Core_Tools_that_are_too_old_are_refused()
    {
        using Dbatch dbatch = Dbatch.Start(_folder.Path, null, ["up", "--host", "func", "--root", "state"], WithFunc("3.0.1"));
        Dbatch.Ended ended = await dbatch.EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("3.0.1", ended.Error, StringComparison.Ordinal);
        Assert.Contains("azure-functions-core-tools@4", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Core_Tools_the_message_says_what_to_install()
    {
        using Dbatch dbatch = Dbatch.Start(_folder.Path, null, ["up", "--host", "func", "--root", "state"],
            new Dictionary<string, string> { ["PATH"] = _folder.Path });
        Dbatch.Ended ended = await dbatch.EndAsync();
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("no \"func\" on the PATH", ended.Error, StringComparison.Ordinal);
        Assert.Contains("leave out --host func", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_settings_are_all_that_the_app_needs_to_start()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "src", "Functions", "local.settings.sample.json");
        Dictionary<string, string> settings = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(v => v.Name, v => v.Value.GetString()!);
        Assert.Equal("dbatch.db", settings["Pipeline__Index"]);
        settings["Pipeline__Index"] = Path.Combine(_folder.Path, "dbatch.db");
        // No storage runs at the address that the sample names.
        foreach (string triggered in (string[])["Control", "Relay", "Reconcile", "Retain"])
            settings[$"AzureWebJobs.{triggered}.Disabled"] = "true";
        await using FunctionsHost host =
            await FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory) { Settings = settings },
                TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        Assert.Contains("openapi", await client.GetStringAsync(new Uri(host.Url, "api/openapi.json"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}

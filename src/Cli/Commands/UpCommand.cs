using System.CommandLine;
using System.Text.Json.Nodes;
using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch up</c>: the whole pipeline on this machine.</summary>
internal sealed class UpCommand : DbatchCommand
{
    readonly Option<int> _workers = new("--workers")
    {
        Description = "The number of workers.",
        HelpName = "N",
        DefaultValueFactory = _ => new LocalOptions("").Workers,
    };
    readonly Option<int> _port = new("--port")
    {
        Description = "The API's port; another one where it is taken.",
        HelpName = "N",
        DefaultValueFactory = _ => new LocalOptions("").Port,
    };
    readonly Option<string> _root = new("--root")
    {
        Description = "The folder that takes the files, the index and the queues; kept when it is stopped.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "dbatch-local",
    };
    readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "What the workers compute on.",
        HelpName = "auto|cpu|cuda",
        DefaultValueFactory = _ => "auto"
    }.AcceptOnlyFromAmong("auto", "cpu", "cuda");
    readonly Option<string?> _index = new("--index")
    {
        Description = "The index: a PostgreSQL connection string (\"Host=...;Database=...\") or another SQLite file. Default: dbatch.db "
            + "in the root.",
        HelpName = "INDEX",
    };

    readonly Option<string?> _otlp = new("--otlp")
    {
        Description = $"Send traces, metrics and logs by OTLP to this address; without one to {OtlpTarget.DefaultUrl}."
            + " Other settings are OpenTelemetry's own variables (OTEL_...).",
        HelpName = "URL",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string> _host =
        new Option<string>("--host")
        {
            Description =
            "What plays the host of Azure Functions: the one that comes with dbatch, or Azure Functions Core Tools ('func start'), where "
                + "they are installed.",
            HelpName = "local|func",
            DefaultValueFactory = _ => "local"
        }.AcceptOnlyFromAmong("local", "func");

    readonly Option<string> _output = CommonOptions.Output();

    public UpCommand() : base("up",
        "Start the whole pipeline here: Azurite (the storage emulator, from npm), the API and workers. One Ctrl-C stops all; what they "
            + "hold is kept and goes on with the next 'up'.",
        "dbatch up",
        "dbatch up --workers 4 --port 8080 --root /data/pipeline",
        "dbatch up --output json              # the addresses, one line of JSON",
        "dbatch up --otlp http://127.0.0.1:4318")
    {
        foreach (Option option in (Option[])[_workers, _port, _root, _device, _index, _otlp, _host, _output]) Options.Add(option);
        _workers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 64) result.AddError("--workers: expected a number from 0 to 64.");
        });
        _port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535) result.AddError("--port: expected a number from 0 (any) to 65535.");
        });
        _otlp.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && !(Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
                result.AddError($"--otlp: expected an http or https URL, found \"{text}\".");
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        var options = new LocalOptions(arguments.GetRequiredValue(_root))
        {
            Workers = arguments.GetValue(_workers),
            Port = arguments.GetValue(_port),
            Device = arguments.GetRequiredValue(_device),
            Index = arguments.GetValue(_index),
            Otlp = arguments.GetResult(_otlp) is null ? null : new OtlpTarget(new Uri(arguments.GetValue(_otlp) ?? OtlpTarget.DefaultUrl)),
            UsesCoreTools = arguments.GetValue(_host) == "func",
        };
        LocalPipeline pipeline = await LocalPipeline.StartAsync(
            options, line => screen.Note($"dbatch: {line}"), screen.Note, cancellationToken);
        await using (pipeline)
        {
            string url = pipeline.Url.ToString().TrimEnd('/');
            if (arguments.GetValue(_output) == "json") screen.Data(Addresses(url));
            else screen.Data($"ready       {url}  ({options.Workers} workers, files in {options.Root}; Ctrl-C stops all)");
            if (arguments.GetValue(_output) != "json" && pipeline.Url.Port != new LocalOptions("").Port)
                screen.Data($"hint        export DBATCH_SERVER={url}");
            await Task.WhenAny(pipeline.Broken, Task.Delay(Timeout.Infinite, cancellationToken));
        }
        if (!cancellationToken.IsCancellationRequested)
        {
            screen.Error($"dbatch: {await pipeline.Broken}; all is stopped. Start again with the same command");
            return ExitCodes.Failed;
        }
        screen.Note($"dbatch: stopped; 'dbatch up --root {options.Root}' goes on");
        return ExitCodes.Interrupted;
    }

    // One line, so that a program that has started this can read it while it goes on.
    static string Addresses(string url) => new JsonObject
    {
        ["api"] = url + "/api",
        ["dashboard"] = url + "/dashboard",
        ["openai"] = url + "/v1",
    }.ToJsonString();
}

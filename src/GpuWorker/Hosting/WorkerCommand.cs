using System.CommandLine;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Working;
using DiffusionBatch.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionBatch.GpuWorker.Hosting;

/// <summary>
/// The worker's command line. Whatever it doesn't say comes from the environment (<c>Pipeline__Storage</c>,
/// <c>Pipeline__Identity</c>, <c>Worker__Lease</c>) or appsettings.json, as for any .NET host.
/// </summary>
public static class WorkerCommand
{
    const int Failed = 1, BadInput = 2;

    static readonly Option<string> s_device = new("--device")
    {
        Description = "What computes: auto takes the GPU where there is one and a trial finds it faster than the CPU.",
        DefaultValueFactory = _ => "auto",
    };

    static readonly (Option<string> Option, string Key)[] s_settings =
    [
        (new("--storage") { Description = "Connection string of the Azure Storage account (or Azurite's), or the address of its blobs, "
            + "where an identity signs in." }, "Pipeline:Storage"),
        (new("--container") { Description = "The blob container that is the storage root (default: dbatch)." }, "Pipeline:Container"),
        (new("--index") { Description = "The index: a SQLite file, or a PostgreSQL connection string." }, "Pipeline:Index"),
        (new("--name") { Description = "The worker's name in the index and in logs (default: machine and process)." }, "Worker:Name"),
        (new("--cache") { Description = "The folder for fetched files (default: one under the temporary folder)." }, "Worker:Folder"),
        (new("--lease") { Description = "For how long a task is the worker's without a heartbeat, hh:mm:ss (default: 00:01:00)." },
            "Worker:Lease"),
        (new("--prefetch") { Description = "Tasks that are fetched ahead, 1 to 64 (default: 4)." }, "Worker:Prefetch"),
    ];

    /// <summary>Runs a worker until it is told to stop (SIGTERM, Ctrl-C).</summary>
    /// <returns>0 stopped, 1 failed, 2 bad options.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        s_device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var root = new RootCommand("A worker of a DiffusionBatch pipeline: takes tasks from the queues, runs them, puts their results "
            + "in place.") { s_device };
        foreach ((Option<string> option, _) in s_settings) root.Options.Add(option);
        root.SetAction(async (result, _) => await RunAsync(result));
        ParseResult parsed = root.Parse(args);
        int code = await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? BadInput : code;
    }

    static async Task<int> RunAsync(ParseResult arguments)
    {
        HostApplicationBuilder builder =
            Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(s_settings
            .Where(s => arguments.GetValue(s.Option) is not null)
            .Select(s => KeyValuePair.Create(s.Key, arguments.GetValue(s.Option))));
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        builder.Services.AddDiffusionBatchTelemetry(builder.Configuration, "dbatch-worker");
        // Within this time what is held is given back; the platform's own limit is mostly 30 s.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddDiffusionBatchPipeline().AddDiffusionBatchWorker();
        builder.Services.AddOptions<PipelineConnection>().BindConfiguration("Pipeline")
            .Validate(connection => string.IsNullOrEmpty(connection.Folder),
                "A worker takes its tasks from queues: give Storage, not Folder.");
        builder.Services.AddOptions<WorkerOptions>().BindConfiguration("Worker").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IJobTasks>(services =>
        {
            var log = services.GetRequiredService<ILogger<WorkerService>>();
            return new LocalTasks(DeviceChoice.Of(arguments.GetRequiredValue(s_device), note => WorkerService.LogNote(log, note)));
        });
        builder.Services.AddSingleton<WorkerOutcome>();
        // Before the worker: a probe is answered from the beginning.
        builder.Services.AddHostedService<HealthService>();
        builder.Services.AddHostedService<WorkerService>();
        using IHost host = builder.Build();
        // Asked for now: the host's end is that of its services.
        WorkerOutcome outcome = host.Services.GetRequiredService<WorkerOutcome>();
        try
        {
            await host.RunAsync();
            return outcome.Failed ? Failed : 0;
        }
        catch (Exception e)
            when (e is OptionsValidationException or DeviceException or InvalidOperationException { InnerException: FormatException })
        {
            await Console.Error.WriteLineAsync($"worker: {e.Message}");
            return BadInput;
        }
    }
}

using System.Diagnostics;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace DiffusionBatch.Telemetry.Tests;

/// <summary>A log record says of which job and task it is.</summary>
public sealed partial class LogAttributesTests : IDisposable
{
    readonly Kept _kept = new();

    public void Dispose() => _kept.Dispose();

    [Fact]
    public void A_record_that_names_its_task_has_job_and_ordinal()
    {
        Dictionary<string, object?> found = Log(log => Worked(log, new TaskKey("job_1", 12)));
        Assert.Equal(("job_1", 12), (found[TelemetryNames.Job], found[TelemetryNames.Task]));
    }

    [Fact]
    public void A_record_that_names_its_job_has_it()
    {
        Dictionary<string, object?> found = Log(log => Ended(log, "job_2"));
        Assert.Equal("job_2", found[TelemetryNames.Job]);
        Assert.False(found.ContainsKey(TelemetryNames.Task));
    }

    [Fact]
    public void Any_other_has_those_of_its_span_or_none()
    {
        using var span = new Activity("run task");
        span.SetTag(TelemetryNames.Job, "job_3").SetTag(TelemetryNames.Task, 4).Start();
        Dictionary<string, object?> found = Log(Said);
        Assert.Equal(("job_3", 4), (found[TelemetryNames.Job], found[TelemetryNames.Task]));
        span.Stop();
        Assert.False(Log(Said).ContainsKey(TelemetryNames.Job));
    }

    Dictionary<string, object?> Log(Action<ILogger> write)
    {
        using ILoggerFactory factory =
            LoggerFactory.Create(b => b.AddOpenTelemetry(o => o.AddProcessor(new LogAttributes()).AddProcessor(_kept)));
        write(factory.CreateLogger("test"));
        return _kept.Last;
    }

    [LoggerMessage(1, LogLevel.Information, "Task {Task} worked on")]
    static partial void Worked(ILogger log, TaskKey task);

    [LoggerMessage(2, LogLevel.Information, "Job {Job} ended")]
    static partial void Ended(ILogger log, string job);

    [LoggerMessage(3, LogLevel.Information, "Something")]
    static partial void Said(ILogger log);

    sealed class Kept : BaseProcessor<LogRecord>
    {
        public Dictionary<string, object?> Last { get; private set; } = [];

        public override void OnEnd(LogRecord data) => Last = (data.Attributes ?? []).ToDictionary(a => a.Key, a => a.Value);
    }
}

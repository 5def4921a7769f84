using System.Diagnostics;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace DiffusionBatch.Telemetry;

/// <summary>
/// Gives each log record the id of the job, and the ordinal of the task, that it is about, by the names that spans have: from the record's
/// own values where it names them, else from the span that it was written in.
/// </summary>
internal sealed class LogAttributes : BaseProcessor<LogRecord>
{
    const string JobValue = "Job", TaskValue = "Task";

    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        (object? job, object? task) = Own(data);
        if (job is null && Activity.Current is { } span)
            (job, task) = (span.GetTagItem(TelemetryNames.Job), span.GetTagItem(TelemetryNames.Task));
        if (job is null) return;
        List<KeyValuePair<string, object?>> attributes = [.. data.Attributes ?? [], new(TelemetryNames.Job, job)];
        if (task is not null) attributes.Add(new(TelemetryNames.Task, task));
        data.Attributes = attributes;
    }

    static (object? Job, object? Task) Own(LogRecord data)
    {
        foreach (KeyValuePair<string, object?> value in data.Attributes ?? [])
        {
            if (value is { Key: TaskValue, Value: TaskKey key }) return (key.Job, key.Ordinal);
            if (value is { Key: JobValue, Value: string job }) return (job, null);
        }
        return (null, null);
    }
}

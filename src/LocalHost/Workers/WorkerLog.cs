using DiffusionBatch.LocalHost.Protocol;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.LocalHost.Workers;

/// <summary>Writes what the worker logs under the worker's own categories and levels.</summary>
internal sealed partial class WorkerLog(ILoggerFactory logs)
{
    const int Metric = 2;

    /// <summary>Takes an entry.</summary>
    public void Take(RpcLog entry)
    {
        if (entry.LogCategory == Metric || entry.Level is < (int)LogLevel.Trace or > (int)LogLevel.Critical) return;
        ILogger logger = logs.CreateLogger(entry.Category);
        string text = entry.Exception is { } e ? $"{entry.Message}\n{e.Type}: {e.Message}\n{e.StackTrace}" : entry.Message;
        Log(logger, (LogLevel)entry.Level, text);
    }

    [LoggerMessage(EventId = 1, Message = "{Text}")]
    static partial void Log(ILogger logger, LogLevel level, string text);
}

namespace DiffusionBatch.LocalHost;

/// <summary>What a <see cref="FunctionsHost"/> runs, and where.</summary>
/// <param name="AppFolder">The built function app: the folder of its worker.config.json and host.json.</param>
public sealed record FunctionsHostOptions(string AppFolder)
{
    /// <summary>Where it listens; port 0 is a free one. Other addresses than this machine's own need access keys.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:0");

    /// <summary>App settings, beside the environment variables of this process and over them; <c>A__B</c> and <c>A:B</c> are the same.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes each line of the log: the host's, the app's, and what the worker process writes.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>The clock that timers and pauses go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a message of a queue is the host's without renewal; Functions' own is ten minutes.</summary>
    internal TimeSpan Invisibility { get; init; } = TimeSpan.FromMinutes(10);
}

namespace DiffusionBatch.Pipeline.Jobs;

/// <summary>What a <see cref="JobRunner"/> can be told beside its work.</summary>
public sealed record JobRunnerOptions
{
    /// <summary>What problems call the manifest: its path as the user gave it.</summary>
    public string ManifestFile { get; init; } = "manifest";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called with the name of each change to the disk or the index before it is made; tests stop the run there.</summary>
    internal Action<string> Before { get; init; } = static _ => { };
}

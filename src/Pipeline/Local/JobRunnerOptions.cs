using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>What a <see cref="JobRunner"/> can be told beside its work.</summary>
public sealed record JobRunnerOptions
{
    /// <summary>What problems call the manifest: its path as the user gave it.</summary>
    public string ManifestFile { get; init; } = "manifest";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Puts something between the run and its store; tests let the process die there.</summary>
    internal Func<IBlobStore, IBlobStore> Store { get; init; } = static store => store;

    /// <summary>Puts something between the run and its index; tests let the process die there.</summary>
    internal Func<IPipelineIndex, IPipelineIndex> Index { get; init; } = static index => index;
}

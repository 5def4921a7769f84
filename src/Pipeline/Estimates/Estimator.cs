using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Estimates;

/// <summary>
/// Says what jobs are expected to take: their work by the manifest, over the speed that earlier jobs had. Reads a few kilobytes at most.
/// </summary>
public sealed class Estimator(IBlobStore store, ICacheIndex index)
{
    const string ByLength = "Items by the input's length and its first lines. ";

    const int SampleBytes = 64 << 10;

    /// <summary>The one that looks into a tenant's files.</summary>
    public Estimator For(Tenant tenant) => new(store.For(tenant), index.For(tenant));

    /// <summary>Estimates a job.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="items">Its items where they were counted, or null: they are told by the input's length.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<JobEstimate> OfAsync(WorkManifest manifest, long? items, CancellationToken cancellationToken)
    {
        string kind = EnumText.Of(manifest.Kind);
        bool counted = items is not null;
        if (manifest is SampleManifest input) items ??= await CountAsync(input.Input, cancellationToken);
        double? units = manifest switch
        {
            SampleManifest sample => items is { } n ? WorkUnits.Sample(sample, n) : null,
            FinetuneManifest finetune => WorkUnits.Finetune(finetune),
            EvaluateManifest evaluate => await BytesAsync(evaluate, cancellationToken),
            _ => null,
        };
        string? model = await ModelShape.OfAsync(store, manifest, cancellationToken);
        SpeedRow? speed = model is null ? null : await index.SpeedAsync(kind, model, cancellationToken);
        return new JobEstimate(manifest.Name, kind)
        {
            Items = items,
            Units = units,
            UnitsPerSecond = speed?.UnitsPerSecond,
            Basis = units is null ? "What it reads isn't there yet."
                : speed is null ? "No job of this kind has ended with such a model: its speed isn't known."
                : string.Create(CultureInfo.InvariantCulture,
                    $"{(counted || manifest is not SampleManifest ? "" : ByLength)}The speed "
                        + $"of {speed.Jobs} earlier job{(speed.Jobs == 1 ? "" : "s")}."),
        };
    }

    // Lines by the length of the first ones: a million rows are not read for an answer within a second.
    async Task<long?> CountAsync(string input, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(input, cancellationToken) is not { } file) return null;
        await using Stream? content = await store.OpenReadAsync(input, 0, cancellationToken);
        if (content is null) return null;
        byte[] head = new byte[SampleBytes];
        int read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        int whole = head.AsSpan(0, read).LastIndexOf((byte)'\n') + 1, lines = head.AsSpan(0, whole).Count((byte)'\n');
        if (read == file.Length) return lines + (whole < read ? 1 : 0);
        return lines == 0 ? 1 : (long)((double)file.Length / whole * lines);
    }

    async Task<double?> BytesAsync(EvaluateManifest manifest, CancellationToken cancellationToken)
    {
        IReadOnlyList<PinnedFile> files = await new RootContent(store, index).FilesAsync(manifest.Predictions, cancellationToken);
        return files.Count == 0 ? null : files.Sum(f => (double)f.Length);
    }
}

/// <summary>What a job is expected to take.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Kind"><c>finetune</c>, <c>sample</c> or <c>evaluate</c>.</param>
public sealed record JobEstimate(string Name, string Kind)
{
    /// <summary>Its items, counted or by the input's length and its first lines; null where that isn't known.</summary>
    public long? Items { get; init; }

    /// <summary>
    /// Its work, in the kind's unit: forward passes times tokens (sample), tokens (finetune), bytes (evaluate); null where it isn't known.
    /// </summary>
    public double? Units { get; init; }

    /// <summary>The measured speed, in units a second of one worker; null before a job of the kind, with such a model, has ended.</summary>
    public double? UnitsPerSecond { get; init; }

    /// <summary>Seconds of one worker; null where work or speed isn't known.</summary>
    public double? Seconds => Units is { } units && UnitsPerSecond is > 0 and var speed ? units / speed : null;

    /// <summary>What the estimate rests on, or why there is none, in a sentence.</summary>
    public required string Basis { get; init; }
}

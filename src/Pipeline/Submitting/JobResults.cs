using System.Runtime.CompilerServices;
using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>Reads the results of sample jobs, cell by cell, finished or not: what is there so far, in input order.</summary>
public sealed class JobResults(IBlobStore store)
{
    /// <summary>The cells of a job; empty for one that samples nothing.</summary>
    public static IReadOnlyList<string> Cells(JobRow job) =>
        job.Kind == JobKind.Sample && job.ReadManifest() is SampleManifest sample ? [.. sample.Cells().Select(c => c.Name)] : [];

    /// <summary>Whether the job's output folder is this job's: another may have replaced it, or never let it in.</summary>
    public async Task<bool> AreThereAsync(JobRow job, CancellationToken cancellationToken) =>
        job.Fingerprint.Length > 0
        && (await store.ReadOutputAsync(job.Output, cancellationToken)).Manifest is { } written && written.Fingerprint == job.Fingerprint;

    /// <summary>The names of a cell's part blobs that are there, in input order.</summary>
    internal async Task<IReadOnlyList<string>> PartsAsync(JobRow job, string cell, CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        await foreach (BlobEntry entry in store.ListAsync($"{job.Output}/{cell}/part-", cancellationToken))
            if (entry.Name.EndsWith(".jsonl", StringComparison.Ordinal)) parts.Add(entry.Name);
        // Numbers have five digits, or more where there are more parts.
        return [.. parts.OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal)];
    }

    /// <summary>A cell's lines, as they stand in its parts; none where the output folder isn't the job's.</summary>
    public async IAsyncEnumerable<string> LinesAsync(JobRow job, string cell, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await AreThereAsync(job, cancellationToken)) yield break;
        foreach (string part in await PartsAsync(job, cell, cancellationToken))
        {
            await using Stream? content = await store.OpenReadAsync(part, 0, cancellationToken);
            if (content is null) continue;
            using var reader = new StreamReader(content, Encoding.UTF8);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
                if (line.Length > 0) yield return line;
        }
    }

    /// <summary>Copies a cell's lines, as they stand in its parts, to a stream.</summary>
    public async Task CopyAsync(JobRow job, string cell, Stream to, CancellationToken cancellationToken)
    {
        foreach (string part in await PartsAsync(job, cell, cancellationToken))
        {
            await using Stream? content = await store.OpenReadAsync(part, 0, cancellationToken);
            if (content is not null) await content.CopyToAsync(to, cancellationToken);
        }
    }
}

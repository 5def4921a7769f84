using System.Collections.Concurrent;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Roots;

/// <summary>
/// Answers what is at the paths of one manifest. Reading a manifest asks at once and a blob store answers later, so a
/// manifest is read twice: the first time its questions are written down, the second time they have answers.
/// </summary>
internal sealed class BlobProbe : IPathProbe
{
    readonly ConcurrentDictionary<string, PathContent> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public PathContent Look(string path) => _known.GetOrAdd(path, PathContent.Nothing);

    /// <summary>Fetches the answers to all that was asked so far.</summary>
    public async Task FetchAsync(RootContent root, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(_known.Keys.ToList(), cancellationToken,
            async (path, token) => _known[path] = await root.LookAsync(path, token));
}

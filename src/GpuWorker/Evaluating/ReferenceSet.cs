using DiffusionBatch.Pipeline.Inputs;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>The references of a file by their items' ids, in the file's order.</summary>
internal sealed class ReferenceSet() : OrderedDictionary<string, Reference>(StringComparer.Ordinal)
{
    /// <summary>Reads a file that the check before the job found good.</summary>
    /// <param name="root">The storage root.</param>
    /// <param name="file">The file's path under it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static ReferenceSet Read(string root, string file, CancellationToken cancellationToken)
    {
        var references = new ReferenceSet();
        foreach (InputItem item in InputReader.ReadReferences(Path.Combine(root, file), file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            references.Add(item.Id, new Reference(references.Count, item.Source, item.Targets));
        }
        return references;
    }
}

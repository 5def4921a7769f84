using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>What became of a manifest's text: the records, or every problem that it has.</summary>
/// <param name="Manifest">The manifest; null where there are problems.</param>
/// <param name="Problems">All problems, in the order of the text; empty where the manifest is good.</param>
public sealed record ManifestReading(JobManifest? Manifest, IReadOnlyList<Problem> Problems)
{
    /// <summary>The manifest.</summary>
    /// <exception cref="ProblemsException">The manifest has problems.</exception>
    public JobManifest Require() => Manifest ?? throw new ProblemsException(Problems);
}

using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>What became of a manifest's text: the records, or every problem that it has.</summary>
/// <param name="Manifest">The manifest; null where there are problems.</param>
/// <param name="Problems">All problems, in the order of the text; empty where the manifest is good.</param>
public sealed record ManifestReading(JobManifest? Manifest, IReadOnlyList<Problem> Problems)
{
    /// <summary>Line and column of a pointer's value, or of the nearest value around it; null where the text couldn't be read.</summary>
    internal Func<string, (int Line, int Column)>? Place { get; init; }

    /// <summary>A problem that is found later, e.g. in a folder that the manifest names, at the field that names it.</summary>
    /// <param name="file">The manifest's file.</param>
    /// <param name="pointer">The field's JSON pointer.</param>
    /// <param name="message">What is expected and what was found.</param>
    public Problem At(string file, string pointer, string message) =>
        Place?.Invoke(pointer) is { } place ? new Problem(file, pointer, place.Line, place.Column, message) : new Problem(file, pointer, null, null, message);

    /// <summary>Problems with those of the manifest's fields put at line and column.</summary>
    /// <param name="file">The manifest's file.</param>
    /// <param name="problems">Problems of the manifest and of other files.</param>
    public IReadOnlyList<Problem> Placed(string file, IReadOnlyList<Problem> problems) =>
        [.. problems.Select(p => p is { Line: null, Pointer: { } pointer } && p.File == file ? At(file, pointer, p.Message) : p)];

    /// <summary>The manifest.</summary>
    /// <exception cref="ProblemsException">The manifest has problems.</exception>
    public JobManifest Require() => Manifest ?? throw new ProblemsException(Problems);
}

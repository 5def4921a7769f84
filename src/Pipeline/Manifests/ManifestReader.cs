using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Manifests.Reading;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Reads manifests and checks them as a whole.</summary>
public static class ManifestReader
{
    /// <summary>Reads a manifest file and checks it against a folder that is the storage root.</summary>
    /// <param name="path">The manifest; `.yaml` and `.yml` are read as YAML, anything else as JSON. Problems name it as it is given
    /// here.</param>
    /// <param name="root">The storage root.</param>
    public static ManifestReading Read(string path, string root)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(RealPath.Full(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new ManifestReading(null, [Problem.OfFile(path, error is FileNotFoundException or DirectoryNotFoundException
                ? "the manifest does not exist"
                : $"the manifest can't be read: {(Directory.Exists(path) ? "it is a folder" : error.Message)}")]);
        }
        return Parse(text, path, FormatOf(path), new FolderProbe(root));
    }

    /// <summary>Reads a manifest's text.</summary>
    /// <param name="utf8">The text's bytes.</param>
    /// <param name="file">What problems call it.</param>
    /// <param name="format">Its syntax.</param>
    /// <param name="probe">The storage root; null to leave out the check that files are there.</param>
    public static ManifestReading Parse(ReadOnlySpan<byte> utf8, string file, ManifestFormat format, IPathProbe? probe) =>
        ManifestAssembly.Read(utf8, file, format, probe);

    /// <summary>The syntax that a file's extension stands for.</summary>
    public static ManifestFormat FormatOf(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" ? ManifestFormat.Yaml : ManifestFormat.Json;
}

/// <summary>What became of a manifest's text: the records, or every problem that it has.</summary>
/// <param name="Manifest">The manifest; null where there are problems.</param>
/// <param name="Problems">All problems, in the order of the text; empty where the manifest is good.</param>
public sealed record ManifestReading(JobManifest? Manifest, IReadOnlyList<Problem> Problems)
{
    /// <summary>Line and column of a pointer's value, or of the nearest value around it; null where the text couldn't be read.</summary>
    internal Func<string, (int Line, int Column)>? Place { get; init; }

    /// <summary>
    /// Whether a pointer's value is what a schedule's run put into its template: files of such a name need not be there yet.
    /// </summary>
    internal Func<string, bool> IsFilled { get; init; } = _ => false;

    /// <summary>A problem that is found later, e.g. in a folder that the manifest names, at the field that names it.</summary>
    /// <param name="file">The manifest's file.</param>
    /// <param name="pointer">The field's JSON pointer.</param>
    /// <param name="message">What is expected and what was found.</param>
    public Problem At(string file, string pointer, string message) =>
        Place?.Invoke(pointer) is { } place
            ? new Problem(file, pointer, place.Line, place.Column, message)
            : new Problem(file, pointer, null, null, message);

    /// <summary>Problems with those of the manifest's fields put at line and column.</summary>
    /// <param name="file">The manifest's file.</param>
    /// <param name="problems">Problems of the manifest and of other files.</param>
    public IReadOnlyList<Problem> Placed(string file, IReadOnlyList<Problem> problems) =>
        [.. problems.Select(p => p is { Line: null, Pointer: { } pointer } && p.File == file ? At(file, pointer, p.Message) : p)];

    /// <summary>The manifest.</summary>
    /// <exception cref="ProblemsException">The manifest has problems.</exception>
    public JobManifest Require() => Manifest ?? throw new ProblemsException(Problems);
}

/// <summary>The syntax of a manifest's text.</summary>
public enum ManifestFormat
{
    /// <summary>JSON with comments and trailing commas.</summary>
    Json,

    /// <summary>YAML of the same shape.</summary>
    Yaml,
}

using DiffusionBatch.Pipeline.Files;
using DiffusionBatch.Pipeline.Manifests.Reading;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Reads manifests and checks them as a whole.</summary>
public static class ManifestReader
{
    /// <summary>Reads a manifest file and checks it against a folder that is the storage root.</summary>
    /// <param name="path">The manifest; `.yaml` and `.yml` are read as YAML, anything else as JSON. Problems name it as it is given here.</param>
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
                ? "the manifest does not exist" : $"the manifest can't be read: {(Directory.Exists(path) ? "it is a folder" : error.Message)}")]);
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

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>The text isn't JSON or YAML: nothing after this place can be read.</summary>
internal sealed class ManifestSyntaxException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

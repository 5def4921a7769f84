namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>A member of an object, with the place of its name.</summary>
internal sealed record ManifestMember(string Name, int Line, int Column, ManifestNode Value);

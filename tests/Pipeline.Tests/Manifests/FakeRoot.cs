using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>A storage root in memory: folders end in '/'.</summary>
internal sealed class FakeRoot(params string[] entries) : IPathProbe
{
    /// <summary>Holds what the contract's examples read.</summary>
    public static FakeRoot Usual { get; } =
        new("models/base/", "models/de-en/", "data/train.jsonl", "data/validation.jsonl", "data/test.jsonl", "results/de-en-test/",
            "old.txt");

    public PathContent Look(string path) =>
        entries.Contains(path) ? PathContent.File
        : entries.Any(entry => entry.StartsWith(path + "/", StringComparison.Ordinal)) ? PathContent.Folder
        : entries.Any(entry => path.StartsWith(entry + "/", StringComparison.Ordinal)) ? PathContent.UnderFile
        : PathContent.Nothing;
}

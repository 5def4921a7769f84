using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Tests.Corpus;

/// <summary>The German-English pairs of this machine's SDK, extracted once for all tests of a class.</summary>
public sealed class ExtractedPairs
{
    internal IReadOnlyList<MessagePair> All { get; } = SatelliteCorpus.Extract(DotnetSdk.Find(), new CorpusOptions("de", "en"));
}

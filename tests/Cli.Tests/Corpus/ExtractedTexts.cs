using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Demo;

namespace DiffusionBatch.Cli.Tests.Corpus;

/// <summary>The texts to pretrain on of this machine's SDK, extracted once for all tests of a class.</summary>
public sealed class ExtractedTexts
{
    internal IReadOnlyList<TextLine> All { get; } = TextCorpus.Extract(DotnetSdk.Find(), "de", "en");
}

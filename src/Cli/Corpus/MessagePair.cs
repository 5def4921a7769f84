namespace DiffusionBatch.Cli.Corpus;

/// <summary>A message and its human translation, one line of a JSONL file.</summary>
/// <param name="Id">Unique in the file; for extracted pairs a function of the two texts.</param>
/// <param name="Source">The text to translate.</param>
/// <param name="Target">Its translation.</param>
internal sealed record MessagePair(string Id, string Source, string Target);

namespace DiffusionBatch.Cli.Corpus;

/// <summary>A text to pretrain on, one line of a JSONL file.</summary>
/// <param name="Id">Unique in the file; a function of the text.</param>
/// <param name="Text">The text, on one line.</param>
internal sealed record TextLine(string Id, string Text);

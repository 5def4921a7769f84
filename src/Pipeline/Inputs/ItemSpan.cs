namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Where an item stands in its file.</summary>
/// <param name="Index">Its number, from 0; blank lines don't count.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Offset">The offset of its first byte.</param>
/// <param name="End">The offset behind its line's end.</param>
public readonly record struct ItemSpan(long Index, int Line, long Offset, long End);

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>Where a line of a file lies.</summary>
/// <param name="Index">Its place among the lines that aren't blank, from 0.</param>
/// <param name="Number">Its number among all lines, from 1.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Bytes">Its length in bytes, without its end.</param>
internal readonly record struct LinePlace(int Index, int Number, long Offset, int Bytes);

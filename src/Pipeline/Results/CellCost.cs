namespace DiffusionBatch.Pipeline.Results;

/// <summary>What a cell's results cost.</summary>
/// <param name="Nfe">Forward passes, each item's own trajectory alone, summed.</param>
/// <param name="Tokens">Tokens of the responses.</param>
/// <param name="Seconds">Computing time, as if each item's trajectory had been run by itself.</param>
public sealed record CellCost(long Nfe, long Tokens, double Seconds);

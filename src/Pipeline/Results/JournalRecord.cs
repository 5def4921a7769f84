namespace DiffusionBatch.Pipeline.Results;

/// <summary>One record of a <see cref="ResultJournal"/>: a result, or with <see cref="Row"/> null what a finished part took.</summary>
/// <param name="Cell">The cell's index.</param>
/// <param name="Number">The item's index, or the part's number.</param>
/// <param name="Row">The result, or null.</param>
/// <param name="Cost">What the finished part took; null for a result.</param>
internal sealed record JournalRecord(int Cell, long Number, ResultRow? Row, PartCost? Cost);

namespace DiffusionBatch.Pipeline.Results;

/// <summary>One record of a <see cref="ResultJournal"/>: a result, or with <see cref="Row"/> null a finished part's time.</summary>
/// <param name="Cell">The cell's index.</param>
/// <param name="Number">The item's index, or the part's number.</param>
/// <param name="Row">The result, or null.</param>
/// <param name="Seconds">The finished part's computing time.</param>
internal sealed record JournalRecord(int Cell, long Number, ResultRow? Row, double Seconds);

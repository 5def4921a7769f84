namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>What didn't pair up when a cell's predictions were joined with the references by id; all of it is left out of the scores.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Scored">Items that were scored.</param>
/// <param name="Missing">References without a prediction.</param>
/// <param name="Extra">Predictions without a reference.</param>
/// <param name="Duplicate">Predictions whose id an earlier one has: the first is scored.</param>
public sealed record CellJoin(string Cell, long Scored, IdList Missing, IdList Extra, IdList Duplicate)
{
    const int Named = 10;

    /// <summary>Whether each reference had one prediction and each prediction a reference.</summary>
    public bool IsComplete => Missing.Count + Extra.Count + Duplicate.Count == 0;

    /// <summary>What didn't pair up, in sentences.</summary>
    public IEnumerable<string> Notes()
    {
        if (Missing.Count > 0) yield return Note(Missing, "reference", "without a prediction, left out of the scores");
        if (Extra.Count > 0) yield return Note(Extra, "prediction", "without a reference, left out of the scores");
        if (Duplicate.Count > 0) yield return Note(Duplicate, "prediction", "with an id that came before, left out: the first of each id is scored");
    }

    string Note(IdList ids, string what, string why) =>
        $"{Cell}: {ids.Count} {what}{(ids.Count == 1 ? "" : "s")} {why}: {string.Join(", ", ids.First.Take(Named))}"
        + (ids.Count > Named ? $" and {ids.Count - Named} more" : "");
}

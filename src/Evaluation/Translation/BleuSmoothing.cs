namespace DiffusionBatch.Evaluation.Translation;

/// <summary>BLEU's smoothing (Chen and Cherry 2014, by sacreBLEU's names).</summary>
public enum BleuSmoothing
{
    /// <summary>Orders without a match count as 1/2, 1/4, ... of a match.</summary>
    Exp,

    /// <summary>Orders without a match count as a small number of matches.</summary>
    Floor,

    /// <summary>A constant is added to the matches and totals of the orders above 1.</summary>
    AddK,

    /// <summary>An order without a match makes the score 0.</summary>
    None,
}

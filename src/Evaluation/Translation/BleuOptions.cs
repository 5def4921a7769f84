namespace DiffusionBatch.Evaluation.Translation;

/// <summary>BLEU's options, by sacreBLEU's names and with its defaults.</summary>
public sealed record BleuOptions
{
    /// <summary>13a, intl, char, none or zh.</summary>
    public string Tokenize { get; init; } = "13a";

    /// <summary>What an order without a match counts as.</summary>
    public BleuSmoothing SmoothMethod { get; init; } = BleuSmoothing.Exp;

    /// <summary>The value of floor (default 0.1) and add-k (default 1).</summary>
    public double? SmoothValue { get; init; }

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether orders longer than the segment are left out; meant for single segments.</summary>
    public bool EffectiveOrder { get; init; }
}

namespace DiffusionBatch.Evaluation.Translation;

/// <summary>TER's options, by sacreBLEU's names and with its defaults.</summary>
public sealed record TerOptions
{
    /// <summary>Whether entities are resolved and signs stand alone, as in Tercom's normalisation.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether punctuation is left out.</summary>
    public bool NoPunct { get; init; }

    /// <summary>Whether <see cref="Normalized"/> parts ideographs and <see cref="NoPunct"/> covers East Asian signs.</summary>
    public bool AsianSupport { get; init; }

    /// <summary>Whether case counts.</summary>
    public bool CaseSensitive { get; init; }
}

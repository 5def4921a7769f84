namespace DiffusionBatch.Evaluation.Translation;

/// <summary>chrF's options, by sacreBLEU's names and with its defaults: chrF2. <c>WordOrder = 2</c> is chrF++.</summary>
public sealed record ChrfOptions
{
    /// <summary>The longest character n-gram.</summary>
    public int CharOrder { get; init; } = 6;

    /// <summary>The longest word n-gram; 0 for none.</summary>
    public int WordOrder { get; init; }

    /// <summary>How much more recall counts than precision.</summary>
    public double Beta { get; init; } = 2;

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether white space counts among the characters.</summary>
    public bool Whitespace { get; init; }

    /// <summary>Whether every order counts, with a tiny number in place of what is undefined, as in chrF++.py; otherwise orders that one side lacks are left out.</summary>
    public bool EpsSmoothing { get; init; }
}

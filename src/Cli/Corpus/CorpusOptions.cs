namespace DiffusionBatch.Cli.Corpus;

/// <summary>Which pairs <see cref="SatelliteCorpus"/> extracts.</summary>
/// <param name="Source">The language of the sources: <c>de</c>, <c>pt-BR</c>, ... or <c>en</c>.</param>
/// <param name="Target">The language of the targets; one of the two is <c>en</c>.</param>
/// <param name="MinWords">The fewest words (at least 1) on either side.</param>
/// <param name="MaxWords">The most words on either side.</param>
internal sealed record CorpusOptions(string Source, string Target, int MinWords = 1, int MaxWords = int.MaxValue)
{
    /// <summary>The language other than English.</summary>
    public string Foreign => Source == "en" ? Target : Source;

    /// <summary>Reads <c>de-en</c>, <c>en-fr</c> or <c>pt-BR-en</c>.</summary>
    /// <exception cref="UserException">Not a pair of languages of which one is English.</exception>
    public static (string Source, string Target) ParseLanguages(string pair)
    {
        if (pair.EndsWith("-en", StringComparison.Ordinal) && pair.Length > 4) return (pair[..^3], "en");
        if (pair.StartsWith("en-", StringComparison.Ordinal) && pair.Length > 4) return ("en", pair[3..]);
        throw new UserException($"--languages '{pair}': expected two languages of which one is en, such as de-en or en-fr");
    }
}

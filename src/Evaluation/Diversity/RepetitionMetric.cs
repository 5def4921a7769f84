using System.Globalization;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Repetition rate, 0 to 1: the share of a sequence's tokens that appear among the tokens before them, up to a number of
/// them (100), averaged over sequences.
/// </summary>
/// <param name="window">How many tokens back count; at least 1.</param>
/// <param name="tokenize">13a, intl, char, none or ids.</param>
/// <param name="lowercase">Whether case is ignored.</param>
/// <param name="name">The name in the report.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
public sealed class RepetitionMetric(int window = RepetitionMetric.DefaultWindow, string tokenize = "13a", bool lowercase = false, string name = "repetition", BootstrapOptions? bootstrap = null)
    : SequenceMetric(tokenize, lowercase, name, bootstrap)
{
    /// <summary>The window of the third paper's table 4.</summary>
    public const int DefaultWindow = 100;

    readonly Occurrences _places = new();

    /// <inheritdoc/>
    protected override string Options => string.Create(CultureInfo.InvariantCulture, $"window:{window}");

    /// <inheritdoc/>
    protected override double Of(ReadOnlySpan<int> tokens)
    {
        _places.Begin();
        int repeated = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            // A token's last place is enough: if that is too far back, so are those before it.
            ref int last = ref _places.Of(tokens[i], out bool known);
            if (known && i - last <= window) repeated++;
            last = i;
        }
        return (double)repeated / tokens.Length;
    }
}

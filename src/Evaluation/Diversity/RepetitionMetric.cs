using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Evaluation.Metrics;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>
/// Repetition rate, 0 to 1: the share of a sequence's tokens that appear among the tokens before them, up to a number of
/// them (100), averaged over sequences.
/// </summary>
/// <param name="spec">The metric with its settings.</param>
/// <param name="bootstrap">How the interval is found; null for none.</param>
[Strategy("repetition", "the share of words that are among the `window` before them, 0 to 1",
    Settings = [TokenSource.Choices, nameof(MetricSpec.Lowercase), nameof(MetricSpec.Window)])]
public sealed class RepetitionMetric(MetricSpec spec, BootstrapOptions? bootstrap) : SequenceMetric(spec, bootstrap)
{
    const int UsualWindow = 100; // of the third paper's table 4

    readonly int _window = spec.Window ?? UsualWindow;
    readonly Occurrences _places = new();

    /// <inheritdoc/>
    protected override string Options => string.Create(CultureInfo.InvariantCulture, $"window:{_window}");

    /// <inheritdoc/>
    protected override double Of(ReadOnlySpan<int> tokens)
    {
        _places.Begin();
        int repeated = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            // A token's last place is enough: if that is too far back, so are those before it.
            ref int last = ref _places.Of(tokens[i], out bool known);
            if (known && i - last <= _window) repeated++;
            last = i;
        }
        return (double)repeated / tokens.Length;
    }
}

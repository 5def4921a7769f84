using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>SEDD's (<see cref="ScoreEntropyBound"/>).</summary>
internal sealed class ScoreBound(Sedd model, AttentionKind attention, int newline, int[] closing) : SequenceBound(closing)
{
    readonly ScoreEntropyBound _bound = new(model, attention, newline);

    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"bound:scoreEntropy|draws:{options.Draws}");

    /// <inheritdoc/>
    public override double[] Draws(LikelihoodItem item, LikelihoodOptions options) =>
        _bound.Draws(Sequence(item), item.PromptIds.Length, options.Draws, CounterRandom.For(options.Seed, item.Id));
}

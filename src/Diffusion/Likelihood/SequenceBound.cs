using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>A bound that a process makes of a sequence as a whole, with passes of its own form.</summary>
/// <param name="closing">What stands behind each response, which counts as a token of it: <c>&lt;/s&gt;</c>, or nothing.</param>
internal abstract class SequenceBound(int[] closing)
{
    /// <summary>The name for reports.</summary>
    public abstract string Name(LikelihoodOptions options);

    /// <summary>The estimates of one response, whose mean is the bound. // (draws) nats</summary>
    public abstract double[] Draws(LikelihoodItem item, LikelihoodOptions options);

    /// <summary>Tokens behind a response.</summary>
    public int Closing => closing.Length;

    /// <summary>Prompt, response and what closes it.</summary>
    protected int[] Sequence(LikelihoodItem item) => [.. item.PromptIds, .. item.Ids, .. closing];
}

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

/// <summary>Block diffusion's (<see cref="BlockProcess.NegativeLogLikelihoodBound"/>).</summary>
internal sealed class BlockBound(LanguageModel model, BlockProcess process, int pad, int[] closing) : SequenceBound(closing)
{
    /// <inheritdoc/>
    public override string Name(LikelihoodOptions options) =>
        string.Create(CultureInfo.InvariantCulture,
            $"bound:block|blockLength:{process.BlockLength}|estimator:exactK|draws:{options.Draws}");

    /// <inheritdoc/>
    public override double[] Draws(LikelihoodItem item, LikelihoodOptions options)
    {
        int[] sequence = Sequence(item);
        var pairs = new EncodedPairs(Math.Max(2, sequence.Length), 0, 0);
        pairs.AddSequence(item.Id, sequence, item.PromptIds.Length);
        var batch = new PairBatch(pairs, [0], pad);
        return [.. Enumerable.Range(0, options.Draws)
            .Select(draw => process.NegativeLogLikelihoodBound(model, batch, pairs, options.Seed, draw).Nats[0])];
    }
}

using System.Globalization;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

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

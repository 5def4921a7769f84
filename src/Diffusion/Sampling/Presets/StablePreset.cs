using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// KLASS (Kim et al. 2025, arXiv 2511.05664, section 4; its published code): a token is written once its probability is above a threshold
/// and the prediction has kept still, by its divergence from the pass before, for some passes; where there is none, LLaDA's quota.
/// </summary>
[Strategy("stable", "writes the tokens of a block whose probability is above `threshold` and whose prediction was stable for "
    + "`stableSteps` passes; where there is none, as many as `llada` would of `steps`",
    Settings = [nameof(SamplerSettings.BlockLength), nameof(SamplerSettings.Threshold), nameof(SamplerSettings.StableKl),
        nameof(SamplerSettings.StableSteps),
        nameof(SamplerSettings.EndAtEos)])]
public sealed class StablePreset : BlockPreset
{
    const double UsualThreshold = 0.9, UsualKl = 0.01, Tiny = 1e-12;
    const int UsualSteps = 2;

    /// <inheritdoc/>
    public override object Remember(in Denoising start) => new History(start.Slots.Length);

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) => SlotNeed.All(x, openOnly: true) with { Statistics = RowStatistics.Logits };

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        var history = (History)x.Memory!;
        for (int i = 0; i < x.Slots.Length; i++)
            if (x.Slots[i] == x.Mask) history.See(i, x.RowOf(i), x.Settings.StableKl ?? UsualKl);
        var (from, to) = Block(x);
        // The block's passes so far, this one included.
        int pass = history.PassOf(from), steady = x.Settings.StableSteps ?? UsualSteps;
        var ranked = Ranked(x, from, to, scores, buffers);
        int stable = 0;
        if (pass >= steady)
        {
            // Those that are stable come to the front; none stands behind where it is read.
            for (int k = 0; k < ranked.Length; k++)
                if (Math.Exp(-ranked[k].Value) > (x.Settings.Threshold ?? UsualThreshold)
                    && history.StableFor(ranked[k].Position) >= steady) ranked[stable++] = ranked[k];
        }
        int count = stable > 0
            ? stable
            : Math.Min(ranked.Length, Math.Max(1, Quota(to - from, StepsOf(x, from / Length(x.Settings, x.Slots.Length)), pass - 1)));
        Write(x, ranked[..count], predicted, scores, buffers);
    }

    /// <summary>What each slot's prediction was in the pass before, and for how many passes it has kept still.</summary>
    sealed class History(int slots)
    {
        readonly double[]?[] _before = new double[]?[slots];
        readonly int[] _stable = new int[slots];
        int _block = -1, _pass;

        /// <summary>The number of a block's pass, from 1.</summary>
        public int PassOf(int first)
        {
            if (_block != first) (_block, _pass) = (first, 0);
            return ++_pass;
        }

        /// <summary>The passes in a row, this one included, in which a slot's prediction was stable.</summary>
        public int StableFor(int slot) => _stable[slot];

        /// <summary>
        /// Takes in a slot's prediction. Before the first pass every probability counts as 0, so that its divergence is large.
        /// </summary>
        public void See(int slot, (ReadOnlyMemory<float> Logits, float LogNormalizer) row, double most)
        {
            var logits = row.Logits.Span;
            double[] now = _before[slot] ??= new double[logits.Length];
            double divergence = 0;
            for (int v = 0; v < logits.Length; v++)
            {
                double p = Math.Exp((double)logits[v] - row.LogNormalizer);
                divergence += p * (Math.Log(p + Tiny) - Math.Log(now[v] + Tiny));
                now[v] = p;
            }
            _stable[slot] = divergence < most ? _stable[slot] + 1 : 0;
        }
    }
}

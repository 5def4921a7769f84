using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Sampling.Steps;

/// <summary>
/// One denoising step of the reparameterized sampler (Zheng et al. 2023, section 4.3; Ye et al. 2023): a pure function of
/// the slots' state x_t and of the model's prediction of x_0 there.
/// </summary>
internal static class RdmStep
{
    /// <summary>
    /// Moves the slots from x_t to x_{t-1}. With low = the K lowest-ranked slots: a masked slot outside low is written;
    /// a written slot in low is masked again (under cond only if the prediction is the same token with a lower score).
    /// A written slot that isn't masked again keeps its old token and its old score.
    /// </summary>
    /// <param name="x">(N) tokens, the mask where a slot is open; changed in place.</param>
    /// <param name="writtenScore">(N) the log-probability at which each token was written, -inf where open; changed in place.</param>
    /// <param name="predicted">(N) the current prediction of x_0; read only where a slot is open when <paramref name="keep"/> is 0.</param>
    /// <param name="score">(N) its log-probabilities, likewise.</param>
    /// <param name="keep">K, how many slots rank low.</param>
    /// <param name="reMask">What happens to written slots that rank low.</param>
    /// <param name="noise">The scale of the Gumbel noise on the ranking, c times the schedule's rate; 0 for none.</param>
    /// <param name="draws">The step's random stream: the noise of slot i is its Gumbel variate i.</param>
    /// <param name="mask">M.</param>
    /// <param name="buffers">Receives the changes.</param>
    public static void Apply(Span<int> x, Span<float> writtenScore, ReadOnlySpan<int> predicted, ReadOnlySpan<float> score,
        int keep, ReMaskRule reMask, double noise, CounterRandom draws, int mask, StepBuffers buffers)
    {
        buffers.Clear();
        var low = buffers.Low(x.Length);
        if (keep > 0) MarkLowest(score, keep, noise, draws, low, buffers);
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] == mask)
            {
                if (low[i]) continue;
                x[i] = predicted[i];
                writtenScore[i] = score[i];
                buffers.Written.Add(new TraceWrite(i, predicted[i], score[i]));
            }
            else if (low[i] && (reMask == ReMaskRule.Uncond || (predicted[i] == x[i] && score[i] < writtenScore[i])))
            {
                x[i] = mask;
                writtenScore[i] = float.NegativeInfinity;
                buffers.Masked.Add(i);
            }
        }
    }

    static void MarkLowest(ReadOnlySpan<float> score, int keep, double noise, CounterRandom draws, Span<bool> low, StepBuffers buffers)
    {
        var ranked = buffers.Ranked(score.Length);
        for (int i = 0; i < ranked.Length; i++)
            ranked[i] = new RankedSlot(noise > 0 ? score[i] + noise * draws.Gumbel(i) : score[i], i);
        ranked.Sort();
        foreach (var slot in ranked[..keep]) low[slot.Position] = true;
    }
}

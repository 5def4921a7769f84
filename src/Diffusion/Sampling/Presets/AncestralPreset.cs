using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Ancestral sampling. Absorbing (Austin et al. 2021; Sahoo et al. 2024, arXiv 2406.07524, equation 6): with alpha = 1 - t a masked slot
/// stays masked from t to s with probability s / t, which over the steps makes each step as likely as another to be the one that
/// writes it; that step is drawn beforehand. Multinomial: each slot goes to a token of the posterior q(x_s | x_t, x_0 = p)
/// (Hoogeboom et al. 2021; Schiff et al. 2024, arXiv 2412.10193, equation 15), the last step to s = 0.
/// </summary>
[Strategy("ancestral", "takes each of `steps` steps of the reverse process: of an absorbing model, every masked position is as likely as "
    + "another to be written at any step; of a multinomial one, every position goes over to a token of the posterior",
    Settings = [nameof(SamplerSettings.EndAtEos)])]
public sealed class AncestralPreset : TransitionPreset
{
    /// <inheritdoc/>
    public override bool Suits(SampledModel model) => model != SampledModel.Scores;

    /// <inheritdoc/>
    public override object? Remember(in Denoising start) => start.Noise is null ? base.Remember(start) : null;

    /// <inheritdoc/>
    private protected override int[] WritingSteps(in Denoising start)
    {
        int[] steps = new int[start.Slots.Length];
        for (int i = 0; i < steps.Length; i++) steps[i] = 1 + start.Draws.At(1).Integer(i, start.Settings.Steps);
        return steps;
    }

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x) =>
        x.Noise is null
            ? base.Need(x)
            : SlotNeed.All(x, openOnly: false) with { Statistics = x.Settings.Temperature > 0 ? RowStatistics.Logits : RowStatistics.None };

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        if (x.Noise is null) base.Step(x, predicted, scores, buffers);
        else Posterior(x, predicted, scores, buffers);
    }

    /// <summary>
    /// A draw of the posterior by its parts. q(x_s | x_t, p) is the mean over x_0 of p of q(x_s | x_t, x_0), weighted by how well x_0
    /// explains x_t:
    /// first x_0 is drawn of p_y (alpha_t [y = x_t] + (1 - alpha_t) q(x_t)), then x_s of q(x_s | x_t, x_0). With a temperature p is the
    /// network's at that temperature; without, all on its most probable token.
    /// </summary>
    static void Posterior(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        var noise = x.Noise!;
        int steps = x.Settings.Steps;
        double alpha_t = noise.Alpha(1 - (x.Step - 1.0) / steps), alpha_s = noise.Alpha(1 - (double)x.Step / steps);
        var (first, second) = (x.Draws.At(1), x.Draws.At(2));
        for (int i = 0; i < x.Slots.Length; i++)
        {
            int x_0 = predicted[i];
            float score = scores[i];
            if (x.Settings.Temperature > 0)
            {
                var (logits, normalizer) = x.RowOf(i);
                x_0 = noise.DrawClean(logits.Span, predicted[i], x.Settings.Temperature, x.Shown[i], alpha_t, first.Uniform(i));
                score = logits.Span[x_0] - normalizer;
            }
            if (x.Step < steps) x.Shown[i] = noise.DrawPosterior(x.Shown[i], x_0, alpha_t, alpha_s, second.At(i));
            else
            {
                (x.Slots[i], x.WrittenScores[i]) = (x_0, score);
                buffers.Written.Add(new(i, x_0, score));
            }
        }
    }
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Scores;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// SEDD's samplers (Lou et al. 2024, arXiv 2310.16834, section 4): S steps of a reverse process from t = 1 down to eps, all slots of a step
/// drawn independently, then a closing step that takes the noise away that is left at eps. What isn't a slot stays as it is (section 4.3).
/// </summary>
public abstract class SeddPreset : SamplerPreset
{
    const double UsualEps = 1e-5, LeastEps = 1e-8;

    /// <summary>The probabilities of a slot's next token in a step from t to t - dt; they may be negative, and count as 0 then.</summary>
    /// <param name="diffusion">The process.</param>
    /// <param name="scores">s. // (V)</param>
    /// <param name="current">x_t.</param>
    /// <param name="t">The time.</param>
    /// <param name="dt">The step.</param>
    /// <param name="p">Receives them. // (V)</param>
    protected abstract void Predict(ScoreDiffusion diffusion, ReadOnlySpan<double> scores, int current, double t, double dt,
        Span<double> p);

    /// <inheritdoc/>
    public sealed override bool Suits(SampledModel model) => model == SampledModel.Scores;

    /// <inheritdoc/>
    public sealed override bool IsRandom(SamplerSettings settings) => true;

    /// <summary>The steps draw by themselves.</summary>
    public sealed override bool DrawsTokens => false;

    /// <summary>Tokens are always drawn: a temperature of 0, where none is given, is the paper's own, 1.</summary>
    /// <inheritdoc/>
    public sealed override SamplerSettings Canonical(SamplerSettings settings) =>
        base.Canonical(settings.Temperature == 0 ? settings with { Temperature = 1 } : settings);

    /// <inheritdoc/>
    public sealed override double? Sigma(in Denoising x) => x.Diffusion!.Noise.Sigma(Time(x.Settings, x.Step));

    /// <inheritdoc/>
    public sealed override void Begin(in Denoising x)
    {
        var graph = x.Diffusion!.Graph;
        if (graph.Mask >= 0) return;
        for (int i = 0; i < x.Slots.Length; i++)
            (x.Slots[i], x.WrittenScores[i]) = (graph.Noised(x.Draws.Uniform(i)), (float)-Math.Log(graph.Dimension));
    }

    /// <summary>Where nothing absorbs, every token may change until the last step.</summary>
    /// <inheritdoc/>
    public sealed override int Open(in Denoising x) =>
        x.Diffusion!.Graph.Mask >= 0 ? base.Open(x) : x.Step > x.Settings.Steps ? 0 : x.Slots.Length;

    /// <inheritdoc/>
    public sealed override bool IsSettled(in Denoising x) => true; // a token that isn't the mask stays

    /// <inheritdoc/>
    public sealed override SlotNeed Need(in Denoising x) =>
        SlotNeed.All(x, openOnly: x.Diffusion!.Graph.Mask >= 0) with { Statistics = RowStatistics.Logits };

    /// <inheritdoc/>
    public sealed override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        var (diffusion, graph) = (x.Diffusion!, x.Diffusion!.Graph);
        double t = Time(x.Settings, x.Step), dt = (1 - Eps(x.Settings)) / x.Settings.Steps;
        bool closes = x.Step > x.Settings.Steps;
        var need = Need(x);
        for (int i = 0; i < x.Slots.Length; i++)
        {
            if (!need.Includes(i, x.Slots)) continue;
            int current = x.Slots[i];
            var (ratios, room) = buffers.Row(x.RowOf(i).Logits.Span);
            var p = room.Span;
            if (!closes) Predict(diffusion, ratios.Span, current, t, dt, p);
            else
            {
                graph.Tweedie(ratios.Span, current, diffusion.Noise.Sigma(t), p);
                if (x.Mask >= 0) p[x.Mask] = 0; // M is never emitted
            }
            var (token, logProbability) = TokenChange.Draw(p, current, x.Settings.Temperature, x.Draws.Uniform(i));
            // A trace begins with what the slots began with.
            if (token == current && (graph.Mask >= 0 || x.Step > 1)) continue;
            if (token != current) (x.Slots[i], x.WrittenScores[i]) = (token, (float)logProbability);
            buffers.Written.Add(new TraceWrite(i, token, x.WrittenScores[i]));
        }
    }

    static double Eps(SamplerSettings settings) => Math.Max(settings.Eps ?? UsualEps, LeastEps);

    // The time that a step begins at: 1, 1 - dt, ..., and eps for the closing one.
    static double Time(SamplerSettings settings, int step)
    {
        double eps = Eps(settings);
        return step > settings.Steps ? eps : 1 - (1 - eps) * (step - 1) / settings.Steps;
    }
}

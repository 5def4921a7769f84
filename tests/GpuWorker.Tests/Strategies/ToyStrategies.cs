using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Evaluation.Metrics;
using TorchSharp;

namespace DiffusionBatch.GpuWorker.Tests.Strategies;

/// <summary>The rightmost open slot each step.</summary>
[Strategy("right-to-left", "fills the rightmost open position each step", Settings = [nameof(SamplerSettings.Noise)],
    Traits = [StrategyTraits.TokenByToken])]
public sealed class RightToLeftPreset : SamplerPreset
{
    public override bool IsSettled(in Denoising x) => true;

    public override SlotNeed Need(in Denoising x) => new(x.Mask, OpenOnly: true, x.Open - 1, x.Open);

    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        int i = x.Open - 1;
        (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
        buffers.Written.Add(new(i, predicted[i], scores[i]));
    }
}

/// <summary>As many slots as the prompt has tokens, at most <c>value</c>.</summary>
[Strategy("echo", "as long as the prompt, at most `value`", Settings = ["value!"])]
public sealed class EchoLength : LengthSource
{
    public override LengthPlan Plan(SampleItem item, LengthSettings settings, float[]? predictorLogits, int usablePositions) =>
        LengthPlan.Given(item, Math.Min(item.PromptIds.Length, settings.Value!.Value), usablePositions);
}

/// <summary>Absorbing diffusion at the last time alone: everything is masked.</summary>
[Strategy("all-masked", "masks every token of the target", Settings = [nameof(ObjectiveSettings.Timesteps)])]
public sealed class AllMaskedProcess(ProcessContext context) : ITrainingProcess, ILikelihoodProcess
{
    public static LikelihoodRule Likelihood { get; } = new((model, _) => new AllMaskedLikelihood(model.Specials.Mask));

    readonly AbsorbingProcess _absorbing = new(context.Settings, context.Specials.Mask, context.Newline);

    public NoisedBatch Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        var masked = new bool[batch.Rows * batch.Columns];
        for (int b = 0; b < batch.Rows; b++)
            masked.AsSpan(b * batch.Columns + batch.PromptLengths[b], batch.Lengths[b] - batch.PromptLengths[b]).Fill(true);
        return _absorbing.Apply(batch, Enumerable.Repeat(context.Settings.Timesteps, batch.Rows).ToArray(), masked);
    }

    public torch.Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing) =>
        _absorbing.Loss(model, batch, labelSmoothing);
}

/// <summary>Every token given none of the others, which for a model that writes all at once is the likelihood.</summary>
public sealed class AllMaskedLikelihood(int mask) : CanvasLikelihood
{
    public override string Name(LikelihoodOptions options) => "exact:allMasked";

    public override int Draws(LikelihoodOptions options) => 1;

    public override NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws) =>
        new([.. x_0.Select(_ => mask)], [.. Enumerable.Range(0, x_0.Length)], 1);
}

/// <summary>RoBERTa under another name.</summary>
[Strategy("toy-encoder", "a RoBERTa by another name")]
public sealed class ToyFamily() : EncoderFamily("roberta");

/// <summary>The share of texts of at most <c>window</c> letters.</summary>
[Strategy("brevity", "the share of texts of at most `window` letters, 0 to 100", Settings = ["window!"])]
public sealed class BrevityMetric(MetricSpec spec, BootstrapOptions? bootstrap) : MeanMetric(spec, bootstrap)
{
    readonly int _window = spec.Window!.Value;

    protected override double Of(string hypothesis, IReadOnlyList<string> references) => hypothesis.Length <= _window ? 1 : 0;

    protected override string Signature(string references) => $"window:{_window}";
}

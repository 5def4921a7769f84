using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Sampling.Steps;

namespace DiffusionBatch.Diffusion.Sampling.Presets;

/// <summary>
/// Presets in which a draw alone decides at which step each slot is written, whatever the network says: the draws are made before
/// the first step, steps at which no slot is written need no pass, and only rows that are written pass the projection.
/// </summary>
public abstract class TransitionPreset : SamplerPreset
{
    /// <inheritdoc/>
    public sealed override bool IsRandom(SamplerSettings settings) => true;

    /// <inheritdoc/>
    public override object? Remember(in Denoising start) => WritingSteps(start);

    /// <summary>(N) the step at which each slot is written, from 1.</summary>
    /// <param name="start">The response before its first step.</param>
    private protected abstract int[] WritingSteps(in Denoising start);

    /// <inheritdoc/>
    public override bool IsSettled(in Denoising x) => true;

    /// <inheritdoc/>
    public override SlotNeed Need(in Denoising x)
    {
        int[] steps = StepsOf(x);
        int from = Array.IndexOf(steps, x.Step);
        return from < 0
            ? new SlotNeed(x.Mask, OpenOnly: true, 0, 0)
            : new SlotNeed(x.Mask, OpenOnly: true, from, Array.LastIndexOf(steps, x.Step) + 1);
    }

    /// <inheritdoc/>
    public override void Step(in Denoising x, ReadOnlySpan<int> predicted, ReadOnlySpan<float> scores, StepBuffers buffers)
    {
        buffers.Clear();
        int[] steps = StepsOf(x);
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] != x.Step) continue;
            (x.Slots[i], x.WrittenScores[i]) = (predicted[i], scores[i]);
            buffers.Written.Add(new(i, predicted[i], scores[i]));
        }
    }

    /// <summary>What <see cref="WritingSteps"/> drew for this response.</summary>
    private protected static int[] StepsOf(in Denoising x) => (int[])x.Memory!;

    /// <summary>A step of its own for each slot, in order of the given times; of equals the earlier slot's first.</summary>
    private protected static int[] InOrder(ReadOnlySpan<double> times)
    {
        var ranked = new RankedSlot[times.Length];
        for (int i = 0; i < ranked.Length; i++) ranked[i] = new RankedSlot(times[i], i);
        Array.Sort(ranked);
        int[] steps = new int[times.Length];
        for (int k = 0; k < ranked.Length; k++) steps[ranked[k].Position] = k + 1;
        return steps;
    }
}

using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Runs one trajectory by itself, so that a test may give the preset what it would draw.</summary>
static class TrajectoryDriver
{
    /// <summary>The last step that each pass allowed and the slots after it, and the trajectory at its end.</summary>
    /// <param name="model">The network.</param>
    /// <param name="preset">A preset, or one that takes its draws from the test.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="prompt">What stands before the slots.</param>
    /// <param name="slots">N.</param>
    /// <param name="mask">M.</param>
    /// <param name="noise">What open slots show, or null.</param>
    public static (List<(int Step, int[] Slots)> AfterPass, Trajectory End) Run(IDenoiser model, SamplerPreset preset,
        SamplerSettings settings, int[] prompt, int slots, int mask, MultinomialNoise? noise = null)
    {
        var options = new SweepOptions { Trace = true, Noise = noise };
        var item = new SampleItem { Id = "x", PromptIds = prompt };
        var cell = CellPlan.Of(settings, options) with { Preset = preset, Sampler = preset.Canonical(settings) };
        var trajectory = new Trajectory(cell, item, slots, CounterRandom.For(1, "x").At(0), mask, model, options);
        var (tempered, buffers) = (new TemperedRows(), new StepBuffers());
        var after = new List<(int, int[])>();
        while (!trajectory.IsDone)
        {
            var canvas = new Canvas([.. trajectory.Seen], trajectory.State);
            if (!trajectory.Reads) trajectory.Advance(canvas, null, tempered, buffers);
            else
            {
                canvas.Wait(trajectory);
                model.Predict([canvas.Request(item, mask, model)], (_, rows) =>
                {
                    canvas.Store(rows);
                    if (trajectory.IsTempered) trajectory.Bind(tempered, rows);
                    trajectory.Advance(canvas, rows, tempered, buffers);
                    tempered.Release();
                });
                after.Add((trajectory.Step, [.. trajectory.Slots]));
            }
        }
        return (after, trajectory);
    }
}

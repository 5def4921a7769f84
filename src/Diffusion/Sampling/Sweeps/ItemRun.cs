using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One item of the active set: its trajectories over all cells and candidates, and the canvases that they share.</summary>
/// <param name="index">The item's place in the input.</param>
/// <param name="item">The item.</param>
internal sealed class ItemRun(int index, SampleItem item)
{
    /// <summary>The item's place in the input.</summary>
    public int Index => index;

    /// <summary>The item.</summary>
    public SampleItem Item => item;

    readonly Dictionary<CanvasKind, CanvasMemo> memos = [];

    /// <summary>The states that its slots have been in.</summary>
    public CanvasMemo Memo(CanvasKind kind) => memos.TryGetValue(kind, out var memo) ? memo : memos[kind] = new CanvasMemo(kind);

    /// <summary>What is wrong with the item in every cell, or null.</summary>
    public ItemError? Error { get; init; }

    /// <summary>(C) the length predictor's logits for the prompt, once known.</summary>
    public float[]? LengthLogits { get; set; }

    /// <summary>The length predictor's time for this prompt.</summary>
    public double LengthSeconds { get; set; }

    /// <summary>Plans every cell: the distinct trajectories to run, and the cells that can't be sampled as error results.</summary>
    /// <param name="cells">The sweep.</param>
    /// <param name="options">Seed and tracing.</param>
    /// <param name="mask">M.</param>
    /// <param name="denoiser">The model.</param>
    public (List<Trajectory> Trajectories, List<SampleResult> Errors) Plan(IReadOnlyList<CellPlan> cells, SweepOptions options, int mask, IDenoiser denoiser)
    {
        var shared = new Dictionary<(SamplerSettings, int Length, int Candidate), Trajectory>();
        var trajectories = new List<Trajectory>();
        var errors = new List<SampleResult>();
        for (int c = 0; c < cells.Count; c++)
        {
            var plan = Error is null ? LengthPlan.For(item, cells[c].Source, cells[c].Length, LengthLogits, denoiser.UsablePositions + 1 - cells[c].Kind.Closing) : new LengthPlan([], Error);
            if (plan.Error is { } error)
            {
                errors.Add(new SampleResult { ItemIndex = index, CellIndex = c, Id = item.Id, Error = error });
                continue;
            }
            var sampler = cells[c].Sampler;
            var candidates = new Trajectory[plan.Lengths.Length];
            for (int k = 0; k < candidates.Length; k++)
            {
                var key = (sampler, plan.Lengths[k], cells[c].IsRandom ? k : 0);
                if (!shared.TryGetValue(key, out var trajectory))
                {
                    var draws = CounterRandom.For(options.Seed, item.Id).At(k);
                    trajectory = shared[key] = new Trajectory(cells[c], item, item.Holes.Length + plan.Lengths[k], draws, mask, denoiser, options);
                    trajectories.Add(trajectory);
                }
                candidates[k] = trajectory;
            }
            var run = new CellRun(this, c, candidates, cells[c].NeedsPredictor(item) ? LengthSeconds : 0);
            foreach (var trajectory in candidates) trajectory.Users.Add(run);
        }
        return (trajectories, errors);
    }
}

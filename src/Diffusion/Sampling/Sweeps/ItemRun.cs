using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Autoregression;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One item of the active set: its candidates over all cells, and the canvases that they share.</summary>
/// <param name="index">The item's place in the input.</param>
/// <param name="item">The item.</param>
internal sealed class ItemRun(int index, SampleItem item)
{
    /// <summary>The item's place in the input.</summary>
    public int Index => index;

    /// <summary>The item.</summary>
    public SampleItem Item => item;

    readonly Dictionary<CanvasState, CanvasMemo> _memos = [];

    /// <summary>The states that its slots have been in.</summary>
    public CanvasMemo Memo(CanvasState state) => _memos.TryGetValue(state, out var memo) ? memo : _memos[state] = new CanvasMemo(state);

    /// <summary>What is wrong with the item in every cell, or null.</summary>
    public ItemError? Error { get; init; }

    /// <summary>(C) the length predictor's logits for the prompt, once known.</summary>
    public float[]? LengthLogits { get; set; }

    /// <summary>The length predictor's time for this prompt.</summary>
    public double LengthSeconds { get; set; }

    /// <summary>Plans every cell: the distinct candidates to run, and the cells that can't be sampled as error results.</summary>
    /// <param name="cells">The sweep.</param>
    /// <param name="options">Seed and tracing.</param>
    /// <param name="mask">M.</param>
    /// <param name="denoiser">The model.</param>
    public (List<Candidate> Candidates, List<SampleResult> Errors) Plan(IReadOnlyList<CellPlan> cells, SweepOptions options, int mask,
        IDenoiser denoiser)
    {
        var shared = new Dictionary<(SamplerSettings, int Length, int Candidate), Candidate>();
        var distinct = new List<Candidate>();
        var errors = new List<SampleResult>();
        for (int c = 0; c < cells.Count; c++)
        {
            if (!cells[c].Takes(item)) continue;
            var plan = Lengths(cells[c], denoiser.UsablePositions);
            if (plan.Error is { } error)
            {
                errors.Add(new SampleResult { ItemIndex = index, CellIndex = c, Id = item.Id, Error = error });
                continue;
            }
            var sampler = cells[c].Sampler;
            var candidates = new Candidate[plan.Lengths.Length * cells[c].Candidates];
            for (int k = 0; k < candidates.Length; k++)
            {
                int length = plan.Lengths[k / cells[c].Candidates];
                var key = (sampler, length, cells[c].IsRandom ? k : 0);
                if (!shared.TryGetValue(key, out var candidate))
                {
                    var draws = CounterRandom.For(options.Seed, item.Id).At(k);
                    candidate = shared[key] = cells[c].IsAutoregressive
                        ? new Search(item.PromptIds, sampler, length, draws, denoiser.Eos, options.Trace)
                        : new Trajectory(cells[c], item, item.Holes.Length + length, draws, mask, denoiser, options);
                    distinct.Add(candidate);
                }
                candidates[k] = candidate;
            }
            var run = new CellRun(this, c, candidates, cells[c].NeedsPredictor(item) ? LengthSeconds : 0);
            foreach (var candidate in candidates) candidate.Users.Add(run);
        }
        return (distinct, errors);
    }

    LengthPlan Lengths(CellPlan cell, int usablePositions)
    {
        if (Error is { } error) return new LengthPlan([], error);
        if (cell.IsAutoregressive && item.Holes.Length > 0)
            return LengthPlan.Failed(ItemError.CantFill,
                "The line has masks to fill in; the preset autoregressive writes behind a prompt alone.");
        return LengthPlan.For(item, cell.Source, cell.Length, LengthLogits, usablePositions + 1 - cell.Closing);
    }
}

using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Autoregression;
using DiffusionBatch.Diffusion.Sampling.LengthSources;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>One item of the active set.</summary>
/// <param name="index">The item's place in the input.</param>
/// <param name="item">The item.</param>
/// <param name="prompt">What it has in common with others of its prompt.</param>
internal sealed class ItemRun(int index, SampleItem item, SharedPrompt prompt)
{
    /// <summary>The item's place in the input.</summary>
    public int Index => index;

    /// <summary>The item.</summary>
    public SampleItem Item => item;

    /// <summary>What it has in common with others of its prompt.</summary>
    public SharedPrompt Prompt => prompt;

    /// <summary>What is wrong with the item in every cell, or null.</summary>
    public ItemError? Error { get; init; }

    /// <summary>Plans every cell: the candidates to run that nobody runs yet.</summary>
    /// <param name="cells">The sweep.</param>
    /// <param name="options">Seed and tracing.</param>
    /// <param name="mask">M.</param>
    /// <param name="denoiser">The model.</param>
    /// <param name="results">Takes the cells that can't be sampled as errors, and those that are done already.</param>
    public List<Candidate> Plan(IReadOnlyList<CellPlan> cells, SweepOptions options, int mask, IDenoiser denoiser,
        Queue<SampleResult> results)
    {
        var drawn = new Dictionary<(SamplerSettings, int Length, int Candidate), Candidate>();
        var added = new List<Candidate>();
        for (int c = 0; c < cells.Count; c++)
        {
            if (!cells[c].Takes(item)) continue;
            var plan = Lengths(cells[c], denoiser.UsablePositions);
            if (plan.Error is { } error)
            {
                results.Enqueue(new SampleResult { ItemIndex = index, CellIndex = c, Id = item.Id, Error = error });
                continue;
            }
            var sampler = cells[c].Sampler;
            var shared = cells[c].IsRandom ? drawn : prompt.Candidates; // draws are the item's own
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
                    added.Add(candidate);
                }
                candidates[k] = candidate;
            }
            var run = new CellRun(this, c, candidates, cells[c].NeedsPredictor(item) ? prompt.LengthSeconds : 0);
            foreach (var candidate in candidates) candidate.Serve(run, options.Trace, results);
        }
        return added;
    }

    LengthPlan Lengths(CellPlan cell, int usablePositions)
    {
        if (Error is { } error) return new LengthPlan([], error);
        if (cell.IsAutoregressive && item.Holes.Length > 0)
            return LengthPlan.Failed(ItemError.CantFill,
                "The line has masks to fill in; the preset autoregressive writes behind a prompt alone.");
        return LengthPlan.For(item, cell.Source, cell.Length, prompt.LengthLogits, usablePositions + 1 - cell.Closing);
    }
}

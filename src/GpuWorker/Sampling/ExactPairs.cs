using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>
/// What <see cref="SampleManifest.Verify"/> asks for: which items are sampled a second time, in which cells, and which result is whose. A
/// result whose exact counterpart is still to come waits for it, so that both are told together or not at all.
/// </summary>
internal sealed class ExactPairs
{
    /// <summary>The stream of an item that says whether it is checked; candidates have those from 0 on.</summary>
    const long CheckDraw = -1;

    readonly SampleManifest _manifest;
    readonly int _cells;
    readonly List<SamplerSettings> _checks = [];
    readonly List<int> _checked = []; // the cell that a check is of
    readonly Dictionary<(int Item, int Cell), SampleResult> _waiting = [];

    /// <summary>Finds the cells whose sampler is an approximation.</summary>
    /// <param name="manifest">The job.</param>
    /// <param name="cells">Its cells.</param>
    public ExactPairs(SampleManifest manifest, IReadOnlyList<SamplerSettings> cells)
    {
        (_manifest, _cells) = (manifest, cells.Count);
        for (int c = 0; c < cells.Count && manifest.Verify > 0; c++)
        {
            if (RecordShape.Plain(cells[c]) is not { Approximation: not null } approximate) continue;
            _checks.Add(approximate.Exact());
            _checked.Add(c);
        }
    }

    /// <summary>The exact cells, to be run behind the job's own.</summary>
    public IReadOnlyList<SamplerSettings> Checks => _checks;

    /// <summary>Whether an item is checked: by a draw of the job's seed and its id alone.</summary>
    public bool Chooses(string id) => _checks.Count > 0
        && CounterRandom.For(_manifest.Seed, id).At(CheckDraw).Uniform(0) < _manifest.Verify;

    /// <summary>Takes a result of a cell or of a check.</summary>
    /// <returns>A result of a cell, with its exact counterpart where there is one; null where one of the two is still to come.</returns>
    public (SampleResult Result, SampleResult? Exact)? Take(SampleResult result)
    {
        bool isCheck = result.CellIndex >= _cells;
        int cell = isCheck ? _checked[result.CellIndex - _cells] : result.CellIndex;
        if (!isCheck && !(_checked.Contains(cell) && Chooses(result.Id))) return (result, null);
        if (!_waiting.Remove((result.ItemIndex, cell), out var other))
        {
            _waiting[(result.ItemIndex, cell)] = result;
            return null;
        }
        return isCheck ? (other, result) : (result, other);
    }
}

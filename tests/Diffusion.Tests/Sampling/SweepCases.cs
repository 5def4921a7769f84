using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Items and cells that the sweep's tests share.</summary>
static class SweepCases
{
    public static readonly int[] Steps = [1, 2, 4, 8, 16, 25, 50];

    public static SampleItem[] Items(int count, int vocabulary = 12) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var draws = CounterRandom.For(77, "items").At(i);
            var prompt = Enumerable.Range(0, 1 + draws.Integer(0, 20)).Select(p => draws.Integer(p + 1, vocabulary - 1)).ToArray();
            return new SampleItem { Id = "item-" + i, PromptIds = prompt, OracleLength = 1 + draws.Integer(99, 16) };
        }),
    ];

    public static IEnumerable<SamplerSettings> Samplers(int steps) =>
        from reMask in Enum.GetValues<ReMaskRule>()
        from order in Enum.GetValues<RankingOrder>()
        from schedule in Enum.GetValues<MaskSchedule>()
        from temperature in new[] { 0, 0.7 }
        select new SamplerSettings
        {
            Steps = steps,
            ReMask = reMask,
            Order = order,
            Schedule = schedule,
            Temperature = temperature,
            Noise = 2
        };

    public static SamplerSettings Oracle(SamplerSettings sampler) => sampler with { Length = new LengthSettings { Source = "oracle" } };

    /// <summary>All results by item id and cell, asserting that each is there once.</summary>
    public static Dictionary<(string Id, int Cell), SampleResult> Run(FakeDenoiser model, IReadOnlyList<SampleItem> items,
        IReadOnlyList<SamplerSettings> cells,
        int batchTokens = 256, long seed = 5, bool trace = false, MultinomialNoise? noise = null)
    {
        var sampler = new SweepSampler(model, model.Mask,
            new SweepOptions { Seed = seed, BatchTokens = batchTokens, Trace = trace, Noise = noise });
        var results = sampler.Run(items, cells).ToDictionary(r => (r.Id, r.CellIndex));
        Assert.Equal(items.Count * cells.Count, results.Count);
        Assert.All(results.Values, r => Assert.Equal(r.Id, items[r.ItemIndex].Id));
        return results;
    }

    public static void AssertSame(SampleResult expected, SampleResult actual)
    {
        Assert.Equal(expected.Error, actual.Error);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected.Score), BitConverter.DoubleToInt64Bits(actual.Score));
        Assert.Equal(expected.Nfe, actual.Nfe);
        Assert.Equal(expected.Candidate, actual.Candidate);
        Assert.Equal(Lines(expected.Trace), Lines(actual.Trace));
    }

    static IEnumerable<string> Lines(CandidateTrace[]? trace) =>
        (trace ?? []).SelectMany(c =>
            c.Steps.Select(s => $"{c.Candidate} {s.Step}: {string.Join(' ', s.Write)} / {string.Join(' ', s.Mask)}"));
}

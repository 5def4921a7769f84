using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Steps;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>SEDD's presets in the sweep.</summary>
public sealed class SeddSamplingTests
{
    public static TheoryData<string> Graphs => ["absorb", "uniform"];

    static SamplerSettings Cell(string preset, int steps, double temperature = 0) => new()
    {
        Preset = preset,
        Steps = steps,
        Temperature = temperature,
        Length = new LengthSettings { Source = "fixed", Value = 5 },
    };

    static readonly SamplerSettings[] Cells = [Cell("sedd-euler", 3), Cell("sedd-tweedie", 3), Cell("sedd-tweedie", 8, 0.5),
        Cell("sedd-euler", 6, 1.5), Cell("sedd-tweedie", 1)];

    // 4 tokens of prompt with two holes, none, and other lengths.
    static SampleItem[] Items(int hole) =>
    [
        new() { Id = "holes", PromptIds = [3, hole, 7, hole, 9], Holes = [1, 3], LengthOverride = 2 },
        new() { Id = "nothing", PromptIds = [] },
        new() { Id = "prompt", PromptIds = [4, 5, 6], LengthOverride = 9 },
        new() { Id = "full", PromptIds = [4, 5, 6, 1, 2, 3, 4, 5, 6, hole, 1, hole], Holes = [9, 11], LengthOverride = null },
        .. Enumerable.Range(0, 6)
            .Select(i => new SampleItem { Id = "p" + i, PromptIds = [.. Enumerable.Range(1, i)], LengthOverride = 6 - i / 2 }),
    ];

    static Dictionary<(string, int), SampleResult> Run(string graph, IEnumerable<SampleItem> items, int batchTokens = 4096,
        SamplerSettings[]? cells = null, long seed = 3)
    {
        var (checkpoint, expected) = Golden.Sedd(graph);
        using (checkpoint)
        using (expected)
            return SweepSampler.For(checkpoint, new SweepOptions { Seed = seed, BatchTokens = batchTokens, Trace = true })
                .Run(items, cells ?? Cells).ToDictionary(r => (r.Id, r.CellIndex));
    }

    [Theory, MemberData(nameof(Graphs))]
    public void Batch_size_and_order_change_no_bit(string graph)
    {
        var items = Items(graph == "absorb" ? 30 : 0)[..3].Concat(Items(0)[4..]).ToArray();
        var together = Run(graph, items);
        Assert.All(together.Values, r => Assert.Null(r.Error));
        foreach (var (key, result) in Run(graph, items.Reverse(), 1)) SweepCases.AssertSame(together[key], result);
        foreach (var item in items)
            foreach (var (key, result) in Run(graph, [item])) SweepCases.AssertSame(together[key], result);
        Assert.NotEqual(together[("prompt", 1)].Ids, Run(graph, items, seed: 4)[("prompt", 1)].Ids);
    }

    [Theory, MemberData(nameof(Graphs))]
    public void The_mask_is_never_emitted_and_every_slot_is_a_token(string graph)
    {
        foreach (var result in Run(graph, Items(graph == "absorb" ? 30 : 0)).Values.Where(r => r.Error is null))
        {
            Assert.All(result.Ids, id => Assert.InRange(id, 0, 29));
            Assert.Equal(result.Id switch { "holes" => 4, "nothing" => 5, "prompt" => 9, _ => result.Ids.Length }, result.Ids.Length);
            Assert.True(double.IsFinite(result.Score) && result.Score <= 0);
        }
    }

    [Theory, MemberData(nameof(Graphs))]
    public void A_trajectory_takes_its_steps_and_the_closing_one(string graph)
    {
        foreach (var ((_, cell), result) in Run(graph, Items(graph == "absorb" ? 30 : 0)))
        {
            if (result.Error is not null) continue;
            int last = result.Trace![0].Steps.Max(s => s.Step);
            // Absorbing, nothing changes once every slot is written.
            Assert.Equal(graph == "absorb" ? last : Cells[cell].Steps + 1, result.Nfe);
            Assert.InRange(result.Nfe, 1, Cells[cell].Steps + 1);
            int[] replayed = [.. Enumerable.Repeat(-1, result.Ids.Length)];
            foreach (var write in result.Trace[0].Steps.SelectMany(s => s.Write)) replayed[write.Position] = write.Id;
            Assert.Equal(result.Ids, replayed);
        }
    }

    /// <summary>One slot, one step: what is written is distributed as the published probabilities say.</summary>
    [Fact]
    public void A_step_draws_from_its_probabilities()
    {
        var (checkpoint, expected) = Golden.Sedd("absorb");
        using (checkpoint)
        using (expected)
        using (no_grad())
        using (NewDisposeScope())
        {
            const int draws = 4000;
            var model = (Sedd)checkpoint.Model;
            var cell = Cell("sedd-tweedie", 1) with { Eps = 0.3, Length = new LengthSettings { Source = "fixed", Value = 1 } };
            var items = Enumerable.Range(0, draws).Select(i => new SampleItem { Id = $"{i}", PromptIds = [7] });
            int[] counts = new int[30];
            foreach (var result in SweepSampler.For(checkpoint, new SweepOptions()).Run(items, [cell])) counts[result.Ids[0]]++;
            // The step from 1 to 0.3 writes or leaves the mask, which the closing step writes.
            double[] At(double sigma)
            {
                var rows = model.HiddenRows(tensor(new long[] { 7, 30 }, [1, 2]), ones([1, 2], dtype: @bool), tensor(new long[] { 1 }),
                    new CanvasParts([2], [0]) { Sigmas = [sigma] });
                return [.. model.LogScores(model.Logits(rows), [30], [sigma]).data<float>().Select(s => Math.Exp(s))];
            }
            double first = model.Diffusion.Noise.Sigma(1), second = model.Diffusion.Noise.Sigma(0.3);
            double[] step = new double[31], closing = new double[31];
            model.Diffusion.Graph.Tweedie(At(first), 30, first - second, step);
            model.Diffusion.Graph.Tweedie(At(second), 30, second, closing);
            double stays = Math.Max(0, step[30]), all = stays + step[..30].Sum(), closed = closing[..30].Sum(), chi = 0;
            for (int y = 0; y < 30; y++)
            {
                double mean = draws * (step[y] + stays * closing[y] / closed) / all;
                chi += (counts[y] - mean) * (counts[y] - mean) / mean;
            }
            Assert.InRange(chi, 8, 65); // 29 degrees of freedom: 1e-4 on each side
        }
    }

    [Fact]
    public void A_temperature_changes_which_token_comes_not_whether_one_does()
    {
        double[] shares = [0.5, 0.25, 0.2, 0.05];
        int[] Counts(double temperature, out int stayed)
        {
            var counts = new int[4];
            for (int i = 0; i < 10000; i++) counts[TokenChange.Draw([.. shares], 0, temperature, (i + 0.5) / 10000).Token]++;
            stayed = counts[0];
            return counts;
        }
        var plain = Counts(1, out int at1);
        var cold = Counts(0.01, out int atCold);
        Assert.Equal((5000, 5000), (at1, atCold));
        Assert.Equal([5000, 2500, 2000, 500], plain);
        Assert.Equal([5000, 5000, 0, 0], cold);
        Assert.Equal(Math.Log(0.25 / 0.5), TokenChange.Draw([.. shares], 0, 1, 0.6).LogProbability, 1e-12);
        Assert.Equal(0, TokenChange.Draw([1, -3, -0.5], 0, 1, 0.999).Token); // negative entries count as 0
        Assert.Equal(2, TokenChange.Draw([-1, 0, 0.2], 0, 1, 0.999999).Token);
    }

    [Fact]
    public void A_preset_that_the_network_is_not_for_is_refused_and_those_that_fit_are_named()
    {
        Assert.Null(PresetFit.Problem("sedd-euler", SampledModel.Scores));
        Assert.Null(PresetFit.Problem("rdm", SampledModel.Masks));
        Assert.Contains("\"sedd-euler\", \"sedd-tweedie\"", PresetFit.Problem("rdm", SampledModel.Scores), StringComparison.Ordinal);
        Assert.Contains("\"rdm\"", PresetFit.Problem("sedd-tweedie", SampledModel.Masks), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run("absorb", Items(30), cells: [new SamplerSettings()]));
    }
}

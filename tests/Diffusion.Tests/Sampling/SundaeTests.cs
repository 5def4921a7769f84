using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Tests.Processes;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

public sealed class SundaeTests
{
    /// <summary>SUNDAE's steps with given first tokens and given draws.</summary>
    sealed class Given(int[] initial, List<double[]> uniforms) : SundaePreset
    {
        public override void Begin(in Denoising x)
        {
            initial.CopyTo(x.Slots);
            x.WrittenScores.Fill(-1);
        }

        private protected override bool TakesOver(in Denoising x, int slot) =>
            uniforms[x.Step - 1][slot] <= x.Settings.UpdateProportion!.Value;
    }

    [Fact]
    public void Runs_with_given_draws_agree_with_the_published_code_token_for_token()
    {
        using var checkpoint = ProcessGolden.Network();
        int runs = 0;
        foreach (var run in ProcessGolden.Json("sundae").GetProperty("decode").EnumerateArray())
        {
            var settings = new SamplerSettings
            {
                Preset = "sundae",
                Steps = run.GetProperty("steps").GetInt32(),
                MinSteps = run.GetProperty("min_steps").GetInt32(),
                UpdateProportion = run.GetProperty("update_proportion").GetDouble(),
            };
            var sequences = Sequences(run);
            for (int row = 0; row < sequences.Length; row++, runs++)
                Check(checkpoint, settings, sequences[row], ProcessGolden.Ids(run.GetProperty("final")[row]));
        }
        Assert.Equal(28, runs);
    }

    /// <summary>
    /// What each sequence met: its input and its draws in each pass that it was part of. A finished one leaves, and the others move up.
    /// </summary>
    static List<(int[] Input, double[] Uniform)>[] Sequences(JsonElement run)
    {
        var passes = run.GetProperty("input_of_pass").EnumerateArray().Select(p => p.EnumerateArray().Select(ProcessGolden.Ids).ToArray())
            .ToArray();
        List<int> active = [0, 1, 2, 3];
        var sequences = active.ConvertAll(_ => new List<(int[], double[])>()).ToArray();
        for (int p = 0; p < passes.Length; p++)
        {
            for (int r = 0; r < active.Count; r++)
                sequences[active[r]].Add((passes[p][r], [.. run.GetProperty("uniform")[p][r].EnumerateArray().Select(u => u.GetDouble())]));
            if (p + 1 == passes.Length) break;
            var left = active.Where((row, r) => passes[p][r].SequenceEqual(ProcessGolden.Ids(run.GetProperty("final")[row])))
                .Take(active.Count - passes[p + 1].Length).ToList();
            active.RemoveAll(left.Contains);
        }
        return sequences;
    }

    static void Check(Checkpoint checkpoint, SamplerSettings settings, List<(int[] Input, double[] Uniform)> passes, int[] final)
    {
        // The published canvas is the slots alone.
        int[] initial = passes[0].Input;
        var item = new SampleItem
        {
            Id = "x",
            PromptIds = new int[initial.Length],
            Holes = [.. Enumerable.Range(0, initial.Length)],
            LengthOverride = 0
        };
        var result = GivenRun.Of(checkpoint, new Given(initial, [.. passes.Select(p => p.Uniform)]), settings, item, emitsMask: true);
        int[] canvas = [.. initial];
        var steps = result.Trace![0].Steps.ToDictionary(s => s.Step);
        for (int s = 1; s <= passes.Count; s++)
        {
            Assert.Equal(passes[s - 1].Input, canvas);
            if (steps.TryGetValue(s, out var step))
                foreach (var write in step.Write) canvas[write.Position] = write.Id;
        }
        Assert.Equal(final, canvas);
        Assert.Equal(final, result.Ids);
        Assert.True(steps.Keys.DefaultIfEmpty().Max() <= passes.Count);
    }

    [Fact]
    public void A_response_that_a_step_leaves_as_it_is_is_finished_and_never_holds_the_mask()
    {
        using var checkpoint = GoldenDecoding.Model();
        var sampler = SweepSampler.For(checkpoint, new SweepOptions { Trace = true });
        SampleItem[] items = [.. Enumerable.Range(0, 6)
            .Select(i => new SampleItem { Id = $"{i}", PromptIds = [0, 34, 17 + i], LengthOverride = 7 })];
        SamplerSettings[] cells =
        [
            new() { Preset = "sundae", Steps = 60 }, new() { Preset = "sundae", Steps = 3 },
            new() { Preset = "sundae", Steps = 60, UpdateProportion = 0.3, MinSteps = 20 },
            new() { Preset = "sundae", Steps = 9, Temperature = 1 },
        ];
        foreach (var result in sampler.Run(items, cells))
        {
            Assert.Equal(7, result.Ids.Length);
            Assert.DoesNotContain(checkpoint.Specials.Mask, result.Ids);
            Assert.InRange(result.Score, -20, 0);
            int last = result.Trace![0].Steps[^1].Step;
            Assert.InRange(result.Nfe, 1, last);
            if (result.CellIndex == 2) Assert.True(last > 12); // what a step draws may be nothing
        }
        var first = sampler.Run(items, cells).Where(r => r.CellIndex == 0).ToDictionary(r => r.Id);
        Assert.Contains(first.Values, r => r.Trace![0].Steps[^1].Step < 60);
    }
}

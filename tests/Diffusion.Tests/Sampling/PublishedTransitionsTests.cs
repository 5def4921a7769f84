using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Presets;
using DiffusionBatch.Diffusion.Sampling.Steps;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// Presets that draw, against runs of the published code whose draws the golden files give: the same tokens after every pass.
/// </summary>
public sealed class PublishedTransitionsTests
{
    sealed class GivenTimes(double[] times) : DndmPreset
    {
        private protected override double[] TransitionTimes(in Denoising start) => [.. times];
    }

    sealed class GivenOrder(int[] order) : FirstHittingPreset
    {
        private protected override int[] WritingSteps(in Denoising start) =>
            [.. Enumerable.Range(0, order.Length).Select(i => Array.IndexOf(order, i) + 1)];
    }

    sealed class GivenNoise(int[] initial, int[][] noise) : RdmPreset
    {
        public override object? Remember(in Denoising start)
        {
            initial.CopyTo(start.Shown);
            return null;
        }

        private protected override void Renoise(in Denoising x)
        {
            for (int i = 0; i < x.Slots.Length; i++)
                if (x.Slots[i] == x.Mask) x.Shown[i] = noise[x.Step - 1][i];
        }
    }

    [Fact]
    public void Dndm()
    {
        using var json = Json("llama-full/dndm.json");
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama-full"));
        var model = new TorchDenoiser(checkpoint.Model, null, checkpoint.Specials, AttentionKind.Full, shift: false, -1,
            TimeProvider.System);
        int runs = 0;
        foreach (var run in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            bool continuous = run.GetProperty("T").ValueKind == JsonValueKind.Null;
            var settings = new SamplerSettings
            {
                Preset = "dndm",
                Steps = continuous ? 50 : run.GetProperty("T").GetInt32(),
                Time = continuous ? TimeKind.Continuous : null,
                Transition = run.GetProperty("select").GetString() == "topk" ? TransitionRule.Topk : TransitionRule.Select,
            };
            double[] times = [.. run.GetProperty("transition_times").EnumerateArray().Select(t => t.GetDouble())];
            var (after, end) = TrajectoryDriver.Run(model, new GivenTimes(times), settings, Ids(run.GetProperty("prompt")), times.Length,
                checkpoint.Specials.Mask);
            Assert.Equal(run.GetProperty("tokens_after_pass").EnumerateArray().Select(Ids), after.Select(a => a.Slots));
            Assert.Equal(Ids(run.GetProperty("final")), end.Slots);
            Assert.Equal(run.GetProperty("nfe").GetInt32(), end.Nfe);
            Assert.Equal(run.GetProperty("final_scores").EnumerateArray().Average(s => s.GetDouble()), end.Score, 1e-4);
            runs++;
        }
        Assert.Equal(70, runs);
    }

    [Fact]
    public void First_hitting_with_one_block()
    {
        using var json = Json("processes/bd3lm.json");
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama-full"));
        var model = new TorchDenoiser(checkpoint.Model, null, checkpoint.Specials, AttentionKind.Full, shift: false, -1,
            TimeProvider.System);
        int runs = 0;
        foreach (var run in json.RootElement.GetProperty("first_hitting").EnumerateArray()
            .Where(r => r.GetProperty("blocks").GetInt32() == 1))
        {
            int[] order = [.. Ids(run.GetProperty("order_in_block")[0]).Where(i => i > 0).Select(i => i - 1)]; // the first position is <s>
            var settings = new SamplerSettings { Preset = "first-hitting", Closing = CanvasClosing.None };
            var (_, end) = TrajectoryDriver.Run(model, new GivenOrder(order), settings, [run.GetProperty("bos").GetInt32()], order.Length,
                checkpoint.Specials.Mask);
            Assert.Equal(Ids(run.GetProperty("final"))[1..], end.Slots);
            Assert.Equal(run.GetProperty("nfe").GetInt32(), end.Nfe);
            runs++;
        }
        Assert.NotEqual(0, runs);
    }

    [Fact]
    public void Rdm_of_a_multinomial_model()
    {
        using var json = Json("processes/rdm-multinomial.json");
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/llama-full"));
        var model = new WithoutSpecials(checkpoint);
        const int Open = -1; // the published code knows no mask: what is open is said apart
        int runs = 0;
        foreach (var run in json.RootElement.GetProperty("decode").EnumerateArray())
        {
            string strategy = run.GetProperty("strategy").GetString()!;
            int[] initial = Ids(run.GetProperty("initial"));
            int[][] noise = [.. run.GetProperty("noise_tokens").EnumerateArray().Select(Ids)],
                expected = [.. run.GetProperty("tokens_after_step").EnumerateArray().Select(Ids)],
                open = [.. run.GetProperty("is_noise_after_step").EnumerateArray().Select(Ids)];
            var settings = new SamplerSettings
            {
                Steps = run.GetProperty("steps").GetInt32(),
                ReMask = strategy.Contains("uncond", StringComparison.Ordinal) ? ReMaskRule.Uncond : ReMaskRule.Cond,
                Schedule = strategy.EndsWith("linear", StringComparison.Ordinal) ? MaskSchedule.Linear : MaskSchedule.Cosine,
            };
            var (after, end) = TrajectoryDriver.Run(model, new GivenNoise(initial, noise), settings, Ids(run.GetProperty("prompt")),
                initial.Length, Open, MultinomialNoise.Uniform(AlphaSchedule.Linear, 48, []));
            foreach (var (step, slots) in after)
                Assert.Equal(expected[step - 1].Zip(open[step - 1], (token, isNoise) => isNoise == 1 ? Open : token), slots);
            Assert.Equal(expected[^1], end.Slots);
            Assert.Equal(run.GetProperty("final_scores").EnumerateArray().Average(s => s.GetDouble()), end.Score, 1e-4);
            runs++;
        }
        Assert.Equal(45, runs);
    }

    static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllText(SharedData.Require("golden/" + file)));

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>The model with all ids but 0, 1 and 2 predicted, and M among them.</summary>
    sealed class WithoutSpecials(Checkpoint checkpoint) : IDenoiser
    {
        public int VocabularySize => checkpoint.Model.VocabularySize;

        public int UsablePositions => checkpoint.Model.UsablePositions;

        public bool PredictsLengths => false;

        public Diffusion.Models.CanvasShape ShapeOf(int prompt, int tokens, (int From, int To)? block = null) =>
            Diffusion.Models.CanvasShape.Joint(tokens);

        public float[][] PredictLengths(IReadOnlyList<int[]> prompts) => throw new NotSupportedException();

        public void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver)
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            var request = requests.Single();
            long[] ids = [.. request.Prompt, .. request.Slots, 2];
            checkpoint.Model.eval();
            var logits = checkpoint.Model.Logits(
                checkpoint.Model.Hidden(tensor(ids, [1, ids.Length]), ones(1, ids.Length, dtype: ScalarType.Bool)).view(ids.Length, -1));
            var rows = new CanvasRows(request.Rows.Length);
            for (int r = 0; r < request.Rows.Length; r++)
            {
                float[] row = logits[request.PositionOf(request.Rows[r])].data<float>().ToArray();
                row.AsSpan(0, 3).Fill(float.NegativeInfinity);
                (rows.Tokens[r], rows.Scores[r], rows.LogNormalizers[r]) = FakeDenoiser.Summarize(row);
            }
            deliver(0, rows);
        }
    }
}

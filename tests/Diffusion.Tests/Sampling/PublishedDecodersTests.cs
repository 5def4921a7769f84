using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Presets against runs of the published code on tiny models: the same tokens after every step.</summary>
public sealed class PublishedDecodersTests
{
    [Fact]
    public void Llada() => Check("llama-full", "llada.json", _ => true, c => new()
    {
        Preset = "llada",
        Steps = (int)Number(c, "steps"),
        BlockLength = (int)Number(c, "block_length"),
        Guidance = Number(c, "cfg_scale"),
        ForbidEos = Flag(c, "logits_eos_inf"),
        EosLast = Flag(c, "confidence_eos_eot_inf"),
        EndOfTurn = Flag(c, "confidence_eos_eot_inf") ? 3 : null,
    }, "gen_length", "tokens_after_step", atLeast: 155);

    [Fact]
    public void Dream() => Check("llama-full", "dream.json", _ => true, c => new()
    {
        Preset = "dream",
        Steps = (int)Number(c, "steps"),
        Eps = Number(c, "eps"),
        Rank = c.GetProperty("alg")
            .GetString() switch
        { "entropy" => ConfidenceRank.Entropy, "topk_margin" => ConfidenceRank.Margin, _ => null },
    }, "length", "tokens_after_step", shift: true, atLeast: 182);

    [Fact]
    public void Threshold() => Check("llama-full", "fast-dllm.json", c => Has(c, "threshold"),
        c => new()
        {
            Preset = "threshold",
            BlockLength = (int)Number(c, "block_length"),
            Threshold = Number(c, "threshold"),
            Cache = Cache(c)
        }, "gen_length", "tokens_after_pass", nfe: true, atLeast: 125);

    [Fact]
    public void Factor() => Check("llama-full", "fast-dllm.json", c => Has(c, "factor"),
        c => new() { Preset = "factor", BlockLength = (int)Number(c, "block_length"), Factor = Number(c, "factor"), Cache = Cache(c) },
        "gen_length", "tokens_after_pass", nfe: true, atLeast: 125);

    [Fact]
    public void The_quota_of_blocks() => Check("llama-full", "fast-dllm.json", c => !Has(c, "factor") && !Has(c, "threshold"),
        c => new() { Preset = "llada", Steps = (int)Number(c, "steps"), BlockLength = (int)Number(c, "block_length"), Cache = Cache(c) },
        "gen_length", "tokens_after_pass", atLeast: 38);

    [Fact]
    public void Entropy_bound() => Check("llama-full", "entropy-bound.json", _ => true, c => new()
    {
        Preset = "entropy-bound",
        EntropyBound = Number(c, "gamma"),
        Rank = Text(c, "order") switch { "margin" => ConfidenceRank.Margin, "confidence" => ConfidenceRank.Probability, _ => null },
    }, "length", "tokens_after_pass", nfe: true, atLeast: 95);

    [Fact]
    public void Stable() => Check("llama-full", "klass.json", _ => true, c => new()
    {
        Preset = "stable",
        Steps = (int)Number(c, "steps"),
        BlockLength = (int)Number(c, "block_length"),
        Threshold = Number(c, "confidence_threshold"),
        StableKl = Number(c, "kl_threshold"),
        StableSteps = (int)Number(c, "kl_history"),
    }, "gen_length", "tokens_after_step", atLeast: 69);

    [Fact]
    public void Maskgit() => Check("llama-full", "maskgit.json", _ => true, c => new()
    {
        Preset = "maskgit",
        Steps = (int)Number(c, "iterations"),
        Schedule = Text(c, "schedule") switch
        {
            "uniform" => MaskSchedule.Linear,
            "pow2" => MaskSchedule.Quadratic,
            _ => MaskSchedule.Cosine
        },
    }, "length", "canvas_before_pass", before: true, atLeast: 72);

    [Fact]
    public void Mask_predict() => Check("xlm-roberta", "mask-predict.json", _ => true,
        c => new() { Preset = "cmlm", Steps = (int)Number(c, "iterations"), Closing = CanvasClosing.Eos }, "length", "final", atLeast: 56);

    [Fact]
    public void Infilling()
    {
        string golden = SharedData.Require("golden/llama-full");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "infill.json")));
        using var checkpoint = Checkpoint.Load(golden);
        int mask = checkpoint.Specials.Mask, runs = 0;
        foreach (var run in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] canvas = Ids(run.GetProperty("canvas")), holes = [.. Enumerable.Range(0, canvas.Length).Where(i => canvas[i] == mask)];
            var cell = new SamplerSettings
            {
                Preset = "infill",
                Steps = (int)Number(run, "steps"),
                BlockLength = (int)Number(run, "block_size"),
                Guidance = Number(run, "cfg_scale"),
                Schedule = Text(run, "schedule") == "linear" ? MaskSchedule.Linear : MaskSchedule.Cosine,
            };
            var sampler = new SweepSampler(checkpoint.Model, null, checkpoint.Specials,
                new SweepOptions { Trace = true, Closing = CanvasClosing.None }, shift: Flag(run, "shift"));
            var result = sampler.Run([new SampleItem { Id = "x", PromptIds = canvas, Holes = holes }], [cell]).Single();
            int[][] expected = [.. run.GetProperty("canvas_after_step").EnumerateArray()
                .Select(step => holes.Select(i => step[i].GetInt32()).ToArray())];
            Assert.Equal(expected, TraceReplay.AfterStep(result.Trace![0], holes.Length, expected.Length, mask).Select(s => s.ToArray()));
            Assert.Equal(holes.Select(i => run.GetProperty("final")[i].GetInt32()), result.Ids);
            Assert.Equal(expected.Length * (cell.Guidance > 0 ? 2 : 1), result.Nfe);
            runs++;
        }
        Assert.Equal(74, runs);
    }

    static CacheKind Cache(JsonElement c) =>
        Text(c, "cache") switch { "prefix" => CacheKind.Prefix, "dual" => CacheKind.Dual, _ => CacheKind.None };

    static double Number(JsonElement c, string name) => c.GetProperty(name).GetDouble();

    static string? Text(JsonElement c, string name) => c.GetProperty(name).GetString();

    static bool Flag(JsonElement c, string name) => c.GetProperty(name).GetBoolean();

    static bool Has(JsonElement c, string name) => c.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    // Every run of the file that is taken, all in one sweep over its prompts.
    static void Check(
        string folder, string file, Func<JsonElement, bool> taken, Func<JsonElement, SamplerSettings> settings, string length,
        string tokens,
        int atLeast, bool shift = false, bool before = false, bool nfe = false)
    {
        string golden = SharedData.Require($"golden/{folder}");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, file)));
        using var checkpoint = Checkpoint.Load(golden);
        int mask = json.RootElement.GetProperty("mask_token_id").GetInt32();
        Assert.Equal(mask, checkpoint.Specials.Mask);
        var sampler = new SweepSampler(checkpoint.Model, null, checkpoint.Specials,
            new SweepOptions { Trace = true, Closing = CanvasClosing.None }, shift: shift);
        int runs = 0;
        foreach (var run in json.RootElement.GetProperty("cases").EnumerateArray().Where(taken))
        {
            int n = run.GetProperty(length).GetInt32();
            int[] prompt = Ids(run.GetProperty("prompt"));
            var cell = settings(run) with { Length = new LengthSettings { Source = "fixed", Value = n } };
            var result = sampler.Run([new SampleItem { Id = "x", PromptIds = prompt }], [cell]).Single();
            string what = $"{file}, run {runs}: {cell}";
            Assert.Null(result.Error);
            int[][] expected = tokens == "final" ? [] : [.. run.GetProperty(tokens).EnumerateArray().Select(Ids)];
            int steps = before ? expected.Length - 1 : expected.Length;
            int[][] replayed = [.. TraceReplay.AfterStep(result.Trace![0], n, Math.Max(steps, result.Trace[0].Steps[^1].Step), mask)];
            for (int s = 0; s < steps; s++)
                Assert.True(expected[before ? s + 1 : s].SequenceEqual(replayed[s]), $"{what}, after "
                    + $"step {s + 1}: expected {string.Join(' ', expected[before ? s + 1 : s])}, found {string.Join(' ', replayed[s])}");
            Assert.True(Ids(run.GetProperty("final")).SequenceEqual(result.Ids),
                $"{what}: expected {run.GetProperty("final")}, found {string.Join(' ', result.Ids)}");
            if (nfe) Assert.True(run.GetProperty("nfe").GetInt32() == result.Nfe,
                $"{what}: {run.GetProperty("nfe")} passes, {result.Nfe} found");
            if (Has(run, "log_probabilities"))
                Assert.Equal(run.GetProperty("log_probabilities").EnumerateArray().Average(p => p.GetDouble()), result.Score, 1e-4);
            runs++;
        }
        Assert.InRange(runs, atLeast, int.MaxValue);
    }

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];
}

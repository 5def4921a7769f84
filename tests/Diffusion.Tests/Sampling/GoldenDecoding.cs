using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Sampling;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>golden/xlm-roberta/decode.json: runs of the published generator on a tiny model with random weights.</summary>
sealed record GoldenDecoding(int Mask, List<GoldenDecoding.Case> Cases, List<GoldenDecoding.Beam> LengthBeams)
{
    public sealed record Case(string Strategy, int Steps, int[] Prompt, int Length, int[][] TokensAfterStep, double MeanScore)
    {
        public bool IsLeftToRight => Strategy == "ar";
        public SamplerSettings Sampler => SamplerOf(Strategy, Steps);
    }

    public sealed record Beam(string Strategy, int Steps, int[] Prompt, (int Class, double Logit)[] Logits, int Width,
        Candidate[] Candidates, int Chosen)
    {
        public SamplerSettings Sampler => SamplerOf(Strategy, Steps);
    }

    public sealed record Candidate(int Length, int[] Tokens, double MeanScore);

    public static Checkpoint Model() => Checkpoint.Load(SharedData.Require("golden/xlm-roberta"));

    public static GoldenDecoding Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("golden/xlm-roberta/decode.json")));
        var root = json.RootElement;
        return new GoldenDecoding(root.GetProperty("mask_token_id").GetInt32(),
            [.. root.GetProperty("cases").EnumerateArray()
                .Select(c => new Case(Text(c, "strategy"), Int(c, "steps"), Ints(c.GetProperty("prompt")), Int(c, "length"),
                [.. c.GetProperty("tokens_after_step").EnumerateArray().Select(Ints)], Real(c, "mean_score")))],
            [.. root.GetProperty("length_beam").EnumerateArray()
                .Select(b => new Beam(Text(b, "strategy"), Int(b, "steps"), Ints(b.GetProperty("prompt")),
                [.. b.GetProperty("length_logits_top10").EnumerateArray().Select(l => (l[0].GetInt32(), l[1].GetDouble()))], Int(b, "beam"),
                [.. b.GetProperty("candidates").EnumerateArray()
                    .Select(c => new Candidate(Int(c, "length"), Ints(c.GetProperty("tokens")), Real(c, "mean_score")))],
                Int(b, "chosen")))]);
    }

    static SamplerSettings SamplerOf(string strategy, int steps)
    {
        if (strategy == "ar") return new SamplerSettings { Preset = "left-to-right", Steps = steps };
        string[] parts = strategy.Split('-'); // reparam-uncond-deterministic-cosine
        return new SamplerSettings
        {
            Steps = steps,
            ReMask = Enum.Parse<ReMaskRule>(parts[1], ignoreCase: true),
            Order = Enum.Parse<RankingOrder>(parts[2], ignoreCase: true),
            Schedule = Enum.Parse<MaskSchedule>(parts[3], ignoreCase: true),
        };
    }

    static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;

    static int Int(JsonElement e, string name) => e.GetProperty(name).GetInt32();

    static double Real(JsonElement e, string name) => e.GetProperty(name).GetDouble();

    static int[] Ints(JsonElement e) => [.. e.EnumerateArray().Select(x => x.GetInt32())];
}

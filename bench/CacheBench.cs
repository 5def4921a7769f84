using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Bench;

/// <summary>
/// Tokens a second with keys and values kept from pass to pass against none kept: the autoregressive decoder, whose cache is exact, and a
/// block of a canvas, whose caches are approximations. The model is a LLaMA of random weights, whose tokens say nothing of texts.
/// </summary>
internal static class CacheBench
{
    private const int Vocabulary = 4000, Prompt = 32, DefaultCount = 16;

    private static readonly SpecialTokens s_specials = new(0, 1, -1, 3, Vocabulary - 1);

    private static readonly Report s_report = new(("case", -32), ("items", 5), ("tokens", 6), ("kept tok/s", 10), ("best", 8), ("none tok/s", 10), ("best", 8), ("ratio", 6), ("same tokens", 11));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        var spec = new NewModel { Architecture = "llama", HiddenSize = 128, Layers = 4, Heads = 4, FeedForwardSize = 384, MaxPositions = 640 };
        var config = ModelConfig.Create(spec, Vocabulary, s_specials);
        using var model = config.Family.Build(config, null);
        model.Initialise(1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Machine.Description}; LLaMA, {spec.Layers} layers, hidden {spec.HiddenSize}, vocabulary {Vocabulary}; prompts of {Prompt} tokens"));
        bool exact = true;
        foreach (int tokens in (int[])[64, 128, 256, 512])
            exact &= Compare($"autoregressive, {tokens}", new() { Preset = "autoregressive" }, CacheKind.Exact, tokens, AttentionKind.Causal) == 1;
        foreach (var cache in (CacheKind[])[CacheKind.Prefix, CacheKind.Dual])
            Compare($"llada, blocks of 32, {cache}", new() { Preset = "llada", Steps = 256, BlockLength = 32, Closing = CanvasClosing.None }, cache, 256, AttentionKind.Full);
        s_report.Save(options, null);
        return exact ? 0 : 1;

        double Compare(string name, SamplerSettings sampler, CacheKind cache, int tokens, AttentionKind attention)
        {
            if (!options.Wants(name)) return 1;
            var items = Items(options.Count ?? DefaultCount);
            sampler = sampler with { Length = new LengthSettings { Source = "fixed", Value = tokens } };
            SampleResult[] kept = [], none = [];
            var (ours, without) = Duel.Run(Duel.Loop(() => kept = Sample(cache)), Duel.Loop(() => none = Sample(CacheKind.None)), options.Runs ?? 3);
            double all = (double)items.Length * tokens;
            double same = kept.Zip(none).Sum(pair => pair.First.Ids.Zip(pair.Second.Ids).Count(ids => ids.First == ids.Second)) / all;
            s_report.Row(name, items.Length, tokens, all / ours.Median, all / ours.Best, all / without?.Median, all / without?.Best, without?.Median / ours.Median, same);
            return same;

            SampleResult[] Sample(CacheKind of) =>
                [.. new SweepSampler(model, null, s_specials, new SweepOptions(), attention).Run(items, [sampler with { Cache = of }]).OrderBy(r => r.ItemIndex)];
        }
    }

    private static SampleItem[] Items(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new SampleItem { Id = $"item-{i}", PromptIds = [.. Enumerable.Range(0, Prompt).Select(p => CounterRandom.For(1, "prompt").At(i).Integer(p, Vocabulary - 1))] }),
    ];
}

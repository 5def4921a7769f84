using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>The autoregressive decoder against the architectures' own passes over whole sequences.</summary>
public sealed class AutoregressiveTests(ITestOutputHelper output)
{
    static readonly SpecialTokens s_specials = new(0, 1, 2, 3, 60);

    public static TheoryData<string> Architectures => ["llama", "gpt2", "xlm-roberta", "xlm-roberta-xl", "albert", "bert"];

    [Fact]
    public void Greedy_tokens_of_stories260K_are_the_published_continuation()
    {
        string folder = SharedData.Require("data/models/stories260K");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "greedy.json")));
        int[] expected = [.. json.RootElement.GetProperty("greedy_token_ids").EnumerateArray().Select(t => t.GetInt32())];
        using var checkpoint = Checkpoint.Load(folder);
        foreach (var cache in new CacheKind?[] { null, CacheKind.None })
        {
            var cell = new SamplerSettings
            {
                Preset = "autoregressive",
                Cache = cache,
                Length = new() { Source = "fixed", Value = expected.Length - 1 }
            };
            var result = SweepSampler.For(checkpoint, new SweepOptions())
                .Run([new SampleItem { Id = "x", PromptIds = [expected[0]] }], [cell]).Single();
            Assert.Equal(expected[1..], result.Ids);
            Assert.Equal(expected.Length - 1, result.Nfe);
        }
    }

    [Theory]
    [InlineData("golden/gpt2")]
    [InlineData("golden/llama")]
    public void Greedy_tokens_are_the_argmax_continuation_of_the_architecture(string folder)
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require(folder));
        var items = Items(6, checkpoint.Model.VocabularySize); // any id may stand in a prompt, the last one too
        var results = SweepSampler.For(checkpoint, new SweepOptions()).Run(items, [Cell(40)]).ToDictionary(r => r.Id);
        foreach (var item in items)
        {
            List<int> sequence = [.. item.PromptIds];
            double sum = 0;
            int passes = 0;
            while (sequence.Count < item.PromptIds.Length + 40)
            {
                float[] logits = LastLogits(checkpoint.Model, sequence);
                int token = Array.IndexOf(logits, logits.Max());
                sum += logits[token] - Math.Log(logits.Sum(l => Math.Exp(l)));
                passes++;
                if (token == checkpoint.Specials.Eos) break;
                sequence.Add(token);
            }
            Assert.Null(results[item.Id].Error);
            Assert.Equal(sequence[item.PromptIds.Length..], results[item.Id].Ids);
            Assert.Equal(sum / passes, results[item.Id].Score, 1e-5); // the closing token's log-probability counts
            Assert.Equal(passes, results[item.Id].Nfe);
        }
        output.WriteLine($"{results.Values.Count(r => r.Length < 40)} of {results.Count} end before the length.");
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Kept_keys_and_values_give_the_tokens_of_the_whole_pass_and_its_logits_to_a_hundred_thousandth(string architecture)
    {
        using var model = Model(architecture);
        KeptEqualsWhole(model, architecture);
    }

    [Fact]
    public void Kept_keys_and_values_of_grouped_heads_give_the_same()
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require("data/models/stories260K"));
        Assert.True(checkpoint.Model.Config.KeyValueHeads < checkpoint.Model.Config.Heads);
        checkpoint.Model.eval();
        KeptEqualsWhole(checkpoint.Model, "stories260K");
    }

    void KeptEqualsWhole(LanguageModel model, string name)
    {
        foreach (var attention in new[] { AttentionKind.Causal, AttentionKind.Prefix })
        {
            var sequence = new SequenceModel(model, attention, s_specials.Mask);
            using var kept = new CachedSequences(sequence, 64);
            using var whole = new RecomputedSequences(sequence with { }, 96); // logits of its own
            int[][] prompts = [[0, 5, 6, 7, 8], [0, 9], [0, 5, 6, 7, 8, 11, 12, 13]];
            var expected = whole.Begin(prompts, true);
            var found = kept.Begin(prompts, true);
            double furthest = 0, largest = 0;
            int compared = 0;
            for (int step = 0; step < 40; step++)
            {
                int rows = kept.Count;
                for (int r = 0; r < rows; r++)
                {
                    Assert.True(expected.Tokens[r] == found.Tokens[r], $"step {step} row {r}");
                    foreach (var (e, f) in expected.LogitsOf(r).ToArray().Zip(found.LogitsOf(r).ToArray()))
                    {
                        if (!float.IsFinite(e)) continue;
                        (furthest, largest, compared) = (Math.Max(furthest, Math.Abs(e - f)), Math.Max(largest, Math.Abs(e)), compared + 1);
                    }
                }
                int[] tokens = expected.Tokens[..rows];
                if (step == 10) Both([2, 0, 0, 1], ref tokens); // a row is repeated, others change places
                if (step == 20) Both([0, 3], ref tokens);
                expected = whole.Step(tokens, true);
                found = kept.Step(tokens, true);
            }
            output.WriteLine($"{name}, {attention}: of {compared} logits up to {largest:g3} none more than {furthest:g2} apart");
            Assert.InRange(furthest, 0, 1e-5);
            Assert.InRange(largest, 0.1, 100);

            void Both(int[] sources, ref int[] tokens)
            {
                kept.Arrange(sources);
                whole.Arrange(sources);
                int[] before = tokens;
                tokens = [.. sources.Select(s => before[s])];
            }
        }
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Budgets_order_parts_and_threads_change_no_bit(string architecture)
    {
        using var model = Model(architecture);
        var items = Items(10, 60);
        SamplerSettings[] cells = [Cell(30), Cell(60) with { Temperature = 0.9, TopK = 20 }, Cell(12) with { Beam = 3 },
            Cell(9) with { Cache = CacheKind.None }, Cell(8) with { Temperature = 1, Candidates = 3 }];
        var expected = Run(items, 4096);
        Compare(Run(items, 128));
        Compare(Run(items, 1));
        Compare(Run(items.Reverse(), 1000));
        foreach (var part in items.Chunk(4)) Compare(Run(part, 4096));
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            Compare(Run(items.Reverse(), 500));
        }
        finally
        {
            set_num_threads(threads);
        }

        Dictionary<(string, int), SampleResult> Run(IEnumerable<SampleItem> input, int batchTokens) =>
            new SweepSampler(model, null, s_specials, new SweepOptions { Seed = 3, BatchTokens = batchTokens, Trace = true },
                AttentionKind.Causal).Run(input, cells).ToDictionary(r => (r.Id, r.CellIndex));

        void Compare(Dictionary<(string, int), SampleResult> results)
        {
            foreach (var (key, result) in results) SweepCases.AssertSame(expected[key], result);
        }
    }

    [Theory]
    [InlineData("llama", 4)]
    [InlineData("gpt2", 3)]
    public void Beam_search_finds_the_hypothesis_of_a_naive_one_over_whole_passes(string architecture, int beam)
    {
        using var model = Model(architecture);
        var items = Items(5, 60);
        var results = new SweepSampler(model, null, s_specials, new SweepOptions(), AttentionKind.Causal).Run(items,
            [Cell(10) with { Beam = beam }, Cell(10)]).ToDictionary(r => (r.Id, r.CellIndex));
        int better = 0;
        foreach (var item in items)
        {
            var (ids, mean) = Naive(model, item.PromptIds, beam, 10);
            var result = results[(item.Id, 0)];
            Assert.Equal(ids, result.Ids);
            Assert.Equal(mean, result.Score, 1e-4);
            if (result.Score > results[(item.Id, 1)].Score) better++;
        }
        Assert.InRange(better, 1, 5);
    }

    [Fact]
    public void An_item_without_room_or_with_masks_to_fill_in_is_an_error_of_its_own()
    {
        using var model = Model("llama");
        SampleItem[] items =
        [
            new() { Id = "long", PromptIds = new int[90] }, new() { Id = "masks", PromptIds = [0, 60, 5], Holes = [1] },
            new() { Id = "own", PromptIds = [0, 5], LengthOverride = 3 },
            new() { Id = "none", PromptIds = [] },
        ];
        var results = new SweepSampler(model, null, s_specials with { Eos = -1 }, new SweepOptions(), AttentionKind.Causal).Run(items,
            [Cell(10)]).ToDictionary(r => r.Id);
        Assert.Equal(["tooLong", "cantFill", null, "emptySource"], items.Select(i => results[i.Id].Error?.Code));
        Assert.Equal(3, results["own"].Length);
    }

    static SamplerSettings Cell(int length) => new() { Preset = "autoregressive", Length = new() { Source = "fixed", Value = length } };

    static LanguageModel Model(string architecture)
    {
        var spec = new NewModel
        {
            Architecture = architecture,
            HiddenSize = 32,
            Layers = 2,
            Heads = 4,
            FeedForwardSize = 64,
            MaxPositions = 96
        };
        var config = ModelConfig.Create(spec, 61, s_specials);
        var model = config.Family.Build(config, null);
        model.Initialise(7);
        model.eval();
        return model;
    }

    static SampleItem[] Items(int count, int vocabulary) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var draws = CounterRandom.For(5, "autoregressive").At(i);
            return new SampleItem { Id = "i" + i,
                PromptIds = [.. Enumerable.Range(0, 1 + draws.Integer(0, 30)).Select(p => draws.Integer(p + 1, vocabulary))] };
        }),
    ];

    static float[] LastLogits(LanguageModel model, List<int> sequence)
    {
        float[] last = [];
        OwnForward.Run(model, [.. sequence.Select(t => (long)t)], [.. sequence.Select(_ => true)],
            logits => last = logits[^1].data<float>().ToArray());
        return last;
    }

    // All extensions of all hypotheses at each step, each from a pass of its own over the whole sequence.
    static (int[] Ids, double Mean) Naive(LanguageModel model, int[] prompt, int beam, int length)
    {
        var live = new List<(List<int> Ids, double Sum)> { ([], 0) };
        var ended = new List<(List<int> Ids, double Sum)>();
        for (int step = 1; step <= length && ended.Count < beam; step++)
        {
            var all = new List<(List<int> Ids, double Sum)>();
            foreach (var (ids, sum) in live)
            {
                float[] logits = LastLogits(model, [.. prompt, .. ids]);
                logits[s_specials.Mask] = float.NegativeInfinity;
                double normalizer = Math.Log(logits.Sum(l => Math.Exp(l)));
                for (int v = 0; v < logits.Length; v++) all.Add(([.. ids, v], sum + logits[v] - normalizer));
            }
            all = [.. all.OrderByDescending(h => h.Sum)];
            live = [];
            for (int rank = 0; live.Count < beam; rank++)
            {
                if (all[rank].Ids[^1] != s_specials.Eos) live.Add(all[rank]);
                else if (rank < beam) ended.Add(all[rank]);
                if (step == length && live.Count > 0 && ReferenceEquals(live[^1].Ids, all[rank].Ids)) ended.Add(all[rank]);
            }
        }
        var (best, total) = ended.MaxBy(h => h.Sum / h.Ids.Count);
        return ([.. best.Where((t, i) => i < best.Count - 1 || t != s_specials.Eos)], total / best.Count);
    }
}

using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>Where a prompt sees nothing behind it, its keys and values are computed once for all passes.</summary>
public sealed class KeptPromptsTests
{
    const int Vocabulary = 60, Mask = Vocabulary - 1;
    static readonly SpecialTokens s_specials = new(0, 1, 2, 3, Mask);

    public static TheoryData<string, AttentionKind, bool, int> Networks
    {
        get
        {
            var networks = new TheoryData<string, AttentionKind, bool, int>();
            foreach (string architecture in Golden.Architectures)
                foreach (bool shift in (bool[])[false, true])
                {
                    networks.Add(architecture, AttentionKind.Prefix, shift, 0);
                    networks.Add(architecture, AttentionKind.Prefix, shift, 3);
                    networks.Add(architecture, AttentionKind.Causal, shift, 0);
                }
            return networks;
        }
    }

    static TorchDenoiser Denoiser(LanguageModel model, AttentionKind attention, bool shift = false, int blockLength = 0) =>
        new(model, null, s_specials, attention, shift, newline: -1, TimeProvider.System, blockLength);

    // All masked, partly written, guided, with places to fill in, and a prompt of one token.
    static CanvasRequest[] Requests(bool closes)
    {
        var kind = new CanvasKind(closes, Guidance: 0);
        return
        [
            new([0, 9, 8, 7, 12, 33, 4], [Mask, Mask, Mask, Mask], [0, 1, 2, 3], kind, WantsLogits: true),
            new([0, 9, 8, 7, 12, 33, 5, 6, 11, 13], [17, Mask, 19, Mask, 7], [1, 3], kind, WantsLogits: true),
            new([0, 41, 42], [Mask, Mask, 5], [0, 1], kind with { Guidance = 0.5 }, WantsLogits: true),
            new([0, 9, Mask, 8, 7, Mask, 6], [Mask, 12, Mask, Mask], [0, 2, 3], kind, WantsLogits: true) { Holes = [2, 5] },
            new([0], [Mask, 9, Mask], [0, 2], kind, WantsLogits: true),
        ];
    }

    [Theory, MemberData(nameof(Networks))]
    public void Passes_over_responses_alone_give_what_passes_over_everything_give(string architecture, AttentionKind attention, bool shift,
        int blockLength)
    {
        using var model = Golden.Small(architecture: architecture, vocabulary: Vocabulary);
        var denoiser = Denoiser(model, attention, shift, blockLength);
        Assert.Equal(model.KeepsKeys, denoiser.KeepsPrompts);
        if (!denoiser.KeepsPrompts) return;
        foreach (bool closes in (bool[])[true, false])
            foreach (var whole in Requests(closes))
            {
                var behind = whole with { Current = (whole.Prefix, whole.Length) };
                var (expected, found) = (Rows(denoiser, whole), Rows(denoiser, behind));
                Assert.Equal(expected.Tokens, found.Tokens);
                for (int i = 0; i < expected.Logits.Length; i++) Assert.Equal(expected.Logits[i], found.Logits[i], 1e-5);
                Assert.Equal(found.Logits, Rows(denoiser, behind).Logits);
            }
    }

    static (int[] Tokens, float[] Logits) Rows(TorchDenoiser denoiser, CanvasRequest request)
    {
        (int[], float[]) found = default;
        denoiser.Predict([request], (_, rows) => found = (rows.Tokens, rows.Logits.ToArray()));
        return found;
    }

    [Theory]
    [InlineData(AttentionKind.Full, 0, false)]
    [InlineData(AttentionKind.Blockwise, 0, false)]
    [InlineData(AttentionKind.Causal, 4, false)] // a block may hold the prompt's end and the response's beginning
    [InlineData(AttentionKind.Prefix, 4, true)]
    public void Prompts_that_see_what_stands_behind_them_are_computed_each_time(AttentionKind attention, int blockLength, bool keeps)
    {
        using var model = Golden.Small(vocabulary: Vocabulary);
        Assert.Equal(keeps, Denoiser(model, attention, blockLength: blockLength).KeepsPrompts);
    }

    [Theory]
    [InlineData("llama", AttentionKind.Prefix, true)]
    [InlineData("xlm-roberta", AttentionKind.Prefix, false)]
    [InlineData("gpt2", AttentionKind.Causal, true)]
    public void Results_are_the_same_bytes_whatever_the_batch_and_the_order(string architecture, AttentionKind attention, bool shift)
    {
        using var model = Golden.Small(architecture: architecture, vocabulary: Vocabulary);
        SampleItem[] items =
        [
            .. Enumerable.Range(0, 12).Select(i => new SampleItem { Id = $"{i}", LengthOverride = 2 + (i * 5 % 13),
                PromptIds = [0, .. Enumerable.Range(5, 1 + (i % 5 * 4)).Select(t => t + (i % 7))] }),
            new SampleItem { Id = "holes", PromptIds = [0, 9, Mask, 8, 7, Mask, Mask, 6], Holes = [2, 5, 6], LengthOverride = 5 },
        ];
        SamplerSettings[] cells =
        [
            new() { Steps = 4 },
            new() { Preset = "ancestral", Steps = 6, Temperature = 0.8 },
            new() { Preset = "llada", Steps = 5, Guidance = 0.5, BlockLength = 4 },
            new() { Preset = "threshold", Threshold = 0.02, BlockLength = 5, Cache = CacheKind.Dual },
            new() { Preset = "block", BlockLength = 4, Within = BlockOrder.Ancestral, Steps = 6 },
        ];
        var expected = Run(items, 4096, cells);
        foreach (var (key, result) in Run(items.Reverse(), 1, cells)) SweepCases.AssertSame(expected[key], result);
        for (int c = 0; c < cells.Length; c++)
            foreach (var ((id, _), result) in Run(items.Reverse(), 64, cells[c])) SweepCases.AssertSame(expected[(id, c)], result);

        Dictionary<(string, int), SampleResult> Run(IEnumerable<SampleItem> input, int batchTokens, params SamplerSettings[] settings) =>
            new SweepSampler(model, null, s_specials, new SweepOptions { Trace = true, BatchTokens = batchTokens }, attention, shift: shift)
                .Run(input, settings).ToDictionary(r => (r.Id, r.CellIndex));
    }

    [Fact]
    public void What_was_let_go_of_is_computed_again_to_the_same_bits()
    {
        using var model = Golden.Small(architecture: "llama", vocabulary: Vocabulary);
        int[][] prompts = [.. Enumerable.Range(0, 5).Select(i => (int[])[0, .. Enumerable.Range(5, 3 + (2 * i))])];
        int[] lengths = [.. prompts.Select(p => p.Length)];
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (all, few) = (new FinishedBlocks(model, AttentionKind.Prefix), new FinishedBlocks(model, AttentionKind.Prefix, keptBytes: 1));
        float[] expected = Of(all, [0, 1, 2, 3, 4]);
        Assert.Equal(expected, Of(all, [0, 1, 2, 3, 4]));
        for (int round = 0; round < 2; round++) Assert.Equal(expected, Of(few, [0, 1, 2, 3, 4]));
        Assert.Equal(expected, prompts.SelectMany((_, i) => Of(few, [i])));

        float[] Of(FinishedBlocks blocks, int[] which)
        {
            int[] sizes = [.. which.Select(i => lengths[i])];
            var rows = blocks.Of([.. which.Select(i => prompts[i])], sizes, 0, sizes, 16, room: 8)!; // (B, 2 L, G, P + N, d_h)
            Assert.Equal(16 + 8, rows.size(3));
            return [.. sizes.SelectMany((size, b) => rows[b].narrow(2, 0, size).contiguous().data<float>().ToArray())];
        }
    }
}

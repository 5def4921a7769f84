using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

/// <summary>
/// A language model trained left to right, adapted to diffusion, finetuned to end its responses by itself (AR2Diff), and block diffusion.
/// </summary>
public sealed class AdaptedLanguageModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly TrainingPair[] s_pairs = [.. Enumerable.Range(0, 40)
        .Select(i => new TrainingPair($"p{i}", "abcdefgh"[i % 8].ToString(),
            string.Join(' ', Enumerable.Repeat("abcdefgh"[i % 8], 1 + (i % 3)))))];

    FinetuneRequest Request(string name, string? from, ObjectiveSettings objective, int steps = 4) => new()
    {
        Model = from is not null ? new TrainingModel { From = _folder[from] } : new TrainingModel
        {
            New = new NewModel
            {
                Architecture = "llama",
                HiddenSize = 16,
                Layers = 2,
                Heads = 2,
                FeedForwardSize = 32,
                MaxPositions = 40,
                Dropout = 0
            },
            Tokenizer = new TokenizerSource { Train = TokenizerKind.Bpe, VocabularySize = 270 },
        },
        Train = s_pairs,
        Validation = s_pairs[..8],
        MaxLength = 32,
        Objective = objective,
        Training = new TrainingSettings { Steps = steps, BatchTokens = 256, WarmupSteps = 0, LearningRate = 5e-3, CheckpointEvery = 0 },
        Seed = 3,
        Output = _folder[name],
        Work = _folder[name + ".work"],
    };

    [Fact]
    public void Each_stage_takes_over_what_the_one_before_it_left()
    {
        Finetuner.Run(Request("ar", null,
            new ObjectiveSettings { Process = "autoregressive", Attention = AttentionKind.Prefix }) with
        { Packed = true }, null, default);
        var ar = DiffusionSettings.Read(_folder["ar"], [])!;
        Assert.Equal(("autoregressive", AttentionKind.Prefix, true, (int?)1), (ar.Process, ar.Attention, ar.Shift, ar.BlockLength));

        var adapting = new ObjectiveSettings { AnnealSteps = 2, Attention = AttentionKind.Full }.Settled(ar.Attention, ar.Shift);
        Finetuner.Run(Request("adapted", "ar", adapting) with { Packed = true }, null, default);
        var adapted = DiffusionSettings.Read(_folder["adapted"], [])!;
        Assert.Equal(("absorbing", AttentionKind.Full, true, (int?)null),
            (adapted.Process, adapted.Attention, adapted.Shift, adapted.BlockLength));

        Finetuner.Run(Request("tuned", "adapted",
            new ObjectiveSettings { Process = "sundae" }.Settled(adapted.Attention, adapted.Shift)) with
        { PadTo = 8 }, null, default);
        using var tuned = Checkpoint.Load(_folder["tuned"]);
        Assert.Equal(("sundae", true), (tuned.Settings!.Process, tuned.Settings.Shift));
        var result = SweepSampler.For(tuned, new SweepOptions())
            .Run([new SampleItem { Id = "x", PromptIds = [tuned.Specials.Bos, 70], LengthOverride = 8 }],
                [new SamplerSettings { Preset = "sundae", Steps = 4 }]).Single();
        Assert.Equal(8, result.Ids.Length);
    }

    [Fact]
    public void Causal_attention_and_a_shift_are_what_a_language_model_has_where_nothing_else_is_said()
    {
        Finetuner.Run(Request("ar", null, new ObjectiveSettings { Process = "autoregressive" }), null, default);
        var settings = DiffusionSettings.Read(_folder["ar"], [])!;
        Assert.Equal((AttentionKind.Causal, true), (settings.Attention, settings.Shift));
        Assert.Equal(AttentionKind.Causal,
            new ObjectiveSettings { Process = "autoregressive" }.Settled(AttentionKind.Full, false).Attention);
        Assert.True(new ObjectiveSettings { Process = "autoregressive" }.Settled(AttentionKind.Full, false).Shift);
        Assert.Equal(AttentionKind.Prefix,
            new ObjectiveSettings { Process = "autoregressive" }.Settled(AttentionKind.Prefix, true).Attention);
        Assert.Equal(AttentionKind.Causal, new ObjectiveSettings { Process = "block" }.Settled(AttentionKind.Full, false).Attention);
        Assert.Equal((AttentionKind.Blockwise, false),
            (new ObjectiveSettings().Settled(AttentionKind.Blockwise).Attention, new ObjectiveSettings().Settled().Shift));
    }

    [Fact]
    public void A_model_trained_by_blocks_samples_by_the_same_ones_and_a_clipped_interval_trains()
    {
        var objective = new ObjectiveSettings { Process = "block", BlockLength = 3, MinTime = 0.3, MaxTime = 0.8, LabelSmoothing = 0.1 };
        var report = Finetuner.Run(Request("block", null, objective, steps: 40), null, default);
        Assert.True(report.ValidationLoss < report.InitialValidationLoss);
        using var checkpoint = Checkpoint.Load(_folder["block"]);
        Assert.Equal(("block", AttentionKind.Causal, (int?)3),
            (checkpoint.Settings!.Process, checkpoint.Settings.Attention, checkpoint.Settings.BlockLength));
        var sampler = SweepSampler.For(checkpoint, new SweepOptions());
        var item = new SampleItem { Id = "x", PromptIds = [checkpoint.Specials.Bos, 70], LengthOverride = 9 };
        var left =
            sampler.Run([item], [new SamplerSettings { Preset = "block" }, new SamplerSettings { Preset = "block", BlockLength = 3 }])
                .ToDictionary(r => r.CellIndex);
        Assert.Equal(left[1].Ids, left[0].Ids);
        Assert.Equal(left[1].Score, left[0].Score);
    }

    [Fact]
    public void Responses_that_are_padded_teach_the_model_to_end_them()
    {
        var request = Request("ends", null, new ObjectiveSettings { Weighting = LossWeighting.None }, steps: 240) with
        {
            PadTo = 8,
            Validation = []
        };
        Finetuner.Run(request with { Training = request.Training with { BatchTokens = 512, LearningRate = 1e-2 } }, null, default);
        using var checkpoint = Checkpoint.Load(_folder["ends"]);
        int eos = checkpoint.Specials.Eos;
        int Of(string source)
        {
            int[] prompt = [checkpoint.Specials.Bos, .. checkpoint.Tokenizer!.Encode(source)];
            int[] ids = SweepSampler.For(checkpoint, new SweepOptions())
                .Run([new SampleItem { Id = source, PromptIds = prompt, LengthOverride = 8 }], [new SamplerSettings { Steps = 8 }])
                .Single().Ids;
            int end = Array.IndexOf(ids, eos);
            if (end > 0) Assert.All(ids[end..], id => Assert.Equal(eos, id));
            return end;
        }
        // Targets have one, two or three words, 5 characters at most.
        foreach (string source in new[] { "a", "c", "h" }) Assert.InRange(Of(source), 1, 6);
    }
}

using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

/// <summary>What finetunes begin with: new models, adapted ones, and files that don't agree.</summary>
public sealed class FinetuneSourceTests : FinetuneRuns
{
    [Theory]
    [InlineData("llama", "absorbing")]
    [InlineData("llama", "autoregressive")]
    [InlineData("xlm-roberta", "absorbing")]
    public void A_new_model_takes_a_tokenizer_without_mask_and_padding(string architecture, string process)
    {
        string tokenizer = SharedData.Require("data/models/stories260K"); // <unk> 0, <s> 1 and </s> 2 alone
        var request = Request("new") with
        {
            Model = new TrainingModel
            {
                New = new NewModel
                {
                    Architecture = architecture,
                    HiddenSize = 16,
                    Layers = 1,
                    Heads = 2,
                    FeedForwardSize = 32,
                    MaxPositions = 128
                },
                Tokenizer = new TokenizerSource { From = tokenizer },
            },
            Objective = new ObjectiveSettings { Process = process },
            MaxLength = 128,
            LengthPredictor = null,
        };
        Finetuner.Run(request, null, default);
        using var checkpoint = Checkpoint.Load(Folder["new"]);
        Assert.Equal(new SpecialTokens(1, 2, 2, 0, 512), checkpoint.Specials);
        Assert.Equal(513, checkpoint.Model.VocabularySize);
    }

    [Fact]
    public void Training_lowers_the_loss_and_an_adapted_folder_can_be_adapted_further()
    {
        var request = Request("first") with { Objective = new ObjectiveSettings(), LengthPredictor = null };
        request = request with { Training = request.Training with { Steps = 60, Accumulate = 1, EvaluateEvery = 30 } };
        var report = Finetuner.Run(request, null, default);
        Assert.True(report.Evaluations[1].ValidationLoss < report.Evaluations[0].ValidationLoss);
        var next = request with
        {
            Model = new TrainingModel { From = Folder["first"] },
            TrimVocabulary = true,
            Output = Folder["second"],
            Work = Folder["second.work"],
            Freeze = ["roberta.embeddings.*"]
        };
        var second = Finetuner.Run(next, null, default);
        Assert.True(second.ValidationLoss < report.Evaluations[0].ValidationLoss);
        using Checkpoint one = Checkpoint.Load(Folder["first"]), two = Checkpoint.Load(Folder["second"]);
        Assert.True(two.Model.VocabularySize < one.Model.VocabularySize);
        Assert.Equal(two.Model.VocabularySize - 1, two.Specials.Mask);
        Assert.Equal("one two", two.Tokenizer!.Decode(two.Tokenizer.Encode("one two")).Trim());
        Assert.Contains(two.Specials.Unk, two.Tokenizer.Encode("qqq"));
        // The frozen rows are the first model's, the kept ones alone.
        float[] before = one.Model.Named["roberta.embeddings.word_embeddings.weight"].data<float>().ToArray(),
            after = two.Model.Named["roberta.embeddings.word_embeddings.weight"].data<float>().ToArray();
        int[] kept = two.Settings!.Vocabulary!;
        for (int i = 0; i < kept.Length; i++) Assert.Equal(before[(kept[i] * 16)..(kept[i] * 16 + 16)], after[(i * 16)..(i * 16 + 16)]);
        Assert.NotEqual(one.Model.Named["lm_head.dense.weight"].data<float>().ToArray(),
            two.Model.Named["lm_head.dense.weight"].data<float>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_projection_of_its_own_under_a_config_that_ties_it_is_trained_as_one_and_told(bool trims)
    {
        Finetuner.Run(Request("first"), null, default);
        const string Words = "roberta.embeddings.word_embeddings.weight", Output = "lm_head.decoder.weight";
        Checkpoints.SmallFolder.Rewrite(Folder["first"], (name, values) => name == Words
            ? [(name, SafeTensorType.F32, values), (Output, SafeTensorType.F32, [.. values.Select((v, i) => v + 0.1f * MathF.Sin(i))])]
            : [(name, SafeTensorType.F32, values)]);
        var progress = new RecordingProgress();
        var report =
            Finetuner.Run(Request("second") with
            {
                Model = new TrainingModel { From = Folder["first"] },
                TrimVocabulary = trims,
                LengthPredictor = null
            }, progress, default);
        string note = Assert.Single(report.Notes, n => n.Contains(Output));
        Assert.Single(progress.All, p => p.Note == note);
        Assert.Contains("\"tie_word_embeddings\": false", File.ReadAllText(Folder["second/config.json"]));
        using var trained = Checkpoint.Load(Folder["second"]);
        Assert.Empty(trained.Notes);
        Assert.Equal(trained.Model.VocabularySize * 16L, trained.Model.Named[Output].numel());
        Assert.NotEqual(trained.Model.Named[Words].data<float>().ToArray(), trained.Model.Named[Output].data<float>().ToArray());
    }
}

using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class VocabularyTrimmerTests
{
    static readonly SpecialTokens Specials = new(0, 1, 2, 3, 39);

    [Fact]
    public void Specials_and_used_tokens_stay_and_the_mask_stays_the_last()
    {
        var used = new bool[40];
        used[7] = used[20] = used[38] = true;
        var map = VocabularyTrimmer.Plan(used, Specials);
        Assert.Equal([0, 1, 2, 3, 7, 20, 38, 39], map.Kept);
        Assert.Equal((7, -1, 20), (map.ToModel(39), map.ToModel(8), map.ToTokenizer(5)));
        Assert.Equal([0, 1, 2, 3, 20, 39], map.Then(VocabularyTrimmer.Plan([false, false, false, false, false, true, false, false], TrimmedTokenizer.Map(Specials, map))).Kept);
    }

    [Fact]
    public void A_trimmed_model_gives_the_kept_tokens_the_same_logits()
    {
        using var model = Golden.Small();
        var map = new VocabularyMap([0, 1, 2, 3, 7, 20, 38, 39]);
        using var trimmed = VocabularyTrimmer.Trim(model, map);
        model.eval();
        trimmed.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        long[] small = [0, 4, 7, 5, 2];
        float[] Logits(LanguageModel m, long[] ids) => m.Logits(m.Hidden(tensor(ids, [1, 5]), ones([1, 5], dtype: @bool)).view(5, -1)).data<float>().ToArray();
        float[] whole = Logits(model, [.. small.Select(i => (long)map.ToTokenizer((int)i))]), part = Logits(trimmed, small);
        for (int row = 0; row < 5; row++)
            Assert.Equal(map.Kept.Select(id => whole[row * 40 + id]), part[(row * 8)..(row * 8 + 8)]);
    }
}

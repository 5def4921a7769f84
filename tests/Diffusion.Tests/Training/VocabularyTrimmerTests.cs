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
        Assert.Equal([0, 1, 2, 3, 20, 39],
            map.Then(VocabularyTrimmer.Plan([false, false, false, false, false, true, false, false],
                TrimmedTokenizer.Map(Specials, map))).Kept);
    }

    static readonly VocabularyMap Map = new([0, 1, 2, 3, 7, 20, 38, 39]);

    static float[] Logits(LanguageModel model, long[] ids)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        model.eval();
        return model.Logits(model.Hidden(tensor(ids, [1, 5]), ones([1, 5], dtype: @bool), parts: new([5], [2])).view(5, -1)).data<float>()
            .ToArray();
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void A_trimmed_model_gives_the_kept_tokens_the_same_logits(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        // A bias that differs by token, where there is one.
        using (no_grad())
            foreach (var (name, parameter) in model.Named)
                if (name.EndsWith("bias") && model.Config.Family.IsPerToken(name)) parameter.copy_(arange(40, dtype: float32));
        using var trimmed = VocabularyTrimmer.Trim(model, Map);
        long[] small = [0, 4, 7, 5, 2];
        float[] whole = Logits(model, [.. small.Select(i => (long)Map.ToTokenizer((int)i))]), part = Logits(trimmed, small);
        for (int row = 0; row < 5; row++)
            for (int i = 0; i < 8; i++) Assert.Equal(whole[row * 40 + Map.Kept[i]], part[row * 8 + i], 1e-6f);
        Assert.Equal((8, 2), (trimmed.Config.VocabularySize, trimmed.Config.EosTokenId));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Restoring_gives_the_first_model_s_tensors_and_keeps_what_was_trained(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        using var trimmed = VocabularyTrimmer.Trim(model, Map);
        using (var same = VocabularyTrimmer.Restore(trimmed, Map, model))
            foreach (var (name, parameter) in model.Named)
                Assert.Equal(parameter.data<float>().ToArray(), same.Named[name].data<float>().ToArray());
        using (no_grad())
            foreach (var parameter in trimmed.Named.Values) parameter.fill_(0.5);
        using var restored = VocabularyTrimmer.Restore(trimmed, Map, model);
        foreach (var (name, parameter) in restored.Named)
        {
            float[] values = parameter.data<float>().ToArray(), before = model.Named[name].data<float>().ToArray();
            int width = values.Length / 40;
            for (int i = 0; i < values.Length; i++)
                Assert.Equal(model.Config.Family.IsPerToken(name) && !Map.Kept.Contains(i / width) ? before[i] : 0.5f, values[i]);
        }
        using var other = Golden.Small(architecture: architecture, layers: 3);
        Assert.Throws<ArgumentException>(() => VocabularyTrimmer.Restore(trimmed, Map, other));
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Added_tokens_start_as_the_mean_of_those_that_there_are(string architecture)
    {
        using var model = Golden.Small(architecture: architecture);
        using var extended = VocabularyExtender.Extend(model, 2);
        string words = model.Config.Family.WordEmbeddings;
        float[] rows = extended.Named[words].data<float>().ToArray(), before = model.Named[words].data<float>().ToArray();
        int width = before.Length / 40;
        Assert.Equal(42 * width, rows.Length);
        Assert.Equal(before, rows[..before.Length]);
        for (int i = 0; i < width; i++)
        {
            double mean = Enumerable.Range(0, 40).Average(row => (double)before[row * width + i]);
            Assert.Equal(mean, rows[40 * width + i], 1e-6);
            Assert.Equal(mean, rows[41 * width + i], 1e-6);
        }
        float[] whole = Logits(model, [0, 4, 7, 5, 2]), more = Logits(extended, [0, 4, 7, 5, 2]);
        for (int row = 0; row < 5; row++) Assert.Equal(whole[(row * 40)..(row * 40 + 40)], more[(row * 42)..(row * 42 + 40)]);
    }
}

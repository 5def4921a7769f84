using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Features;
using DiffusionBatch.Diffusion.Tests.Processes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Features;

public sealed class FeatureExtractorTests
{
    static int[][] Texts(int vocabulary) =>
        [.. Enumerable.Range(1, 20)
            .Select(n => Enumerable.Range(0, 1 + n % 13).Select(i => 3 + (n * 7 + i * 5) % (vocabulary - 4)).ToArray())];

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Left_to_right_it_is_the_state_that_the_next_token_is_predicted_from(string model)
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/" + model));
        using var golden = new GoldenTensors($"{model}/forward.safetensors");
        int[] ids = golden.Ids("input_ids"), seen = golden.Ids("attention_mask");
        float[] logits = golden.Floats("logits");
        var extractor = new FeatureExtractor(checkpoint);
        Assert.Equal("features:lastToken", extractor.Name);
        int columns = ids.Length / 3, v = logits.Length / ids.Length;
        int[] sizes = [.. Enumerable.Range(0, 3).Select(b => seen.Skip(b * columns).Take(columns).Sum())];
        var vectors = extractor.Of([.. sizes.Select((n, b) => ids[(b * columns)..(b * columns + n)])]);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        for (int b = 0; b < 3; b++)
        {
            float[] predicted = checkpoint.Model.Logits(tensor(vectors[b]).unsqueeze(0)).data<float>().ToArray();
            for (int k = 0; k < v; k++) Assert.Equal(logits[((b * columns) + sizes[b] - 1) * v + k], predicted[k], 1e-4);
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("xlm-roberta")]
    public void What_is_computed_together_changes_nothing(string model)
    {
        using var checkpoint = Checkpoint.Load(SharedData.Require("golden/" + model));
        var texts = Texts(checkpoint.Model.VocabularySize);
        float[][] together = new FeatureExtractor(checkpoint).Of(texts), alone = new FeatureExtractor(checkpoint, batchTokens: 1).Of(texts);
        for (int i = 0; i < texts.Length; i++) Assert.Equal(alone[i], together[i]);
        Assert.All(together, vector => Assert.Equal(checkpoint.Model.Config.HiddenSize, vector.Length));
    }

    [Fact]
    public void Of_an_encoder_it_is_the_mean_over_the_text_without_its_specials()
    {
        using var checkpoint = Golden.Load();
        int[] text = [5, 9, 7];
        var extractor = new FeatureExtractor(checkpoint);
        Assert.Equal("features:mean", extractor.Name);
        float[] vector = extractor.Of([text])[0];
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var hidden = checkpoint.Model.Hidden(tensor((long[])[0, 5, 9, 7, 2], [1, 5]), ones([1, 5], dtype: @bool))[0]; // (5, d)
        float[] expected = hidden.narrow(0, 1, 3).mean([0L]).data<float>().ToArray();
        for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], vector[k], 1e-5);
    }

    [Fact]
    public void A_text_beyond_the_positions_is_cut_at_its_end()
    {
        using var checkpoint = Golden.Load();
        var extractor = new FeatureExtractor(checkpoint);
        int[] whole = [.. Enumerable.Range(0, extractor.MostTokens).Select(i => 3 + i % 20)];
        Assert.Equal(checkpoint.Model.UsablePositions - 2, extractor.MostTokens);
        Assert.Equal(extractor.Of([whole])[0], extractor.Of([[.. whole, 4, 5, 6]])[0]);
    }
}

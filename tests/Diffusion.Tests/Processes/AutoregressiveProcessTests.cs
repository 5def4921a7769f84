using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Processes;

public sealed class AutoregressiveProcessTests
{
    static EncodedPairs Pairs()
    {
        var pairs = new EncodedPairs(12, 0, 2);
        pairs.Add("a", [5, 6], [7, 8, 9]);
        pairs.Add("b", [5, 6, 7, 8], [10, 11, 12, 13]);
        pairs.Add("cut", [5, 6], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]); // begins with the response
        return pairs;
    }

    [Theory]
    [InlineData(AttentionKind.Causal)]
    [InlineData(AttentionKind.Prefix)]
    public void The_loss_is_each_response_token_s_given_those_before_it(AttentionKind attention)
    {
        using var model = Golden.Small(architecture: "llama");
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var pairs = Pairs();
        var batch = new PairBatch(pairs, [0, 1, 2], 1);
        var process = new AutoregressiveProcess(new ObjectiveSettings { Attention = attention });
        var (nats, tokens) = process.NegativeLogLikelihood(model, batch);
        Assert.Equal([4, 5, 11], tokens);
        double loss = 0;
        for (int b = 0; b < 3; b++)
        {
            // One pass for each token, which sees no later one: that of a prefix language model's prompt sees itself whole.
            double sum = 0;
            int prompt = Math.Max(1, pairs.PromptLength(b));
            for (int i = prompt; i < pairs.Length(b); i++)
            {
                long[] ids = [.. pairs.Tokens(b)[..i].ToArray().Select(t => (long)t)];
                bool[] seen = [.. Enumerable.Range(0, i * i)
                    .Select(at => at % i <= at / i || (attention == AttentionKind.Prefix && at % i < pairs.PromptLength(b)))];
                var logits = model.Logits(model.Hidden(tensor(ids, [1, i]), tensor(seen, [1, i, i])).view(i, -1));
                sum -= logits[i - 1].log_softmax(0)[pairs.Tokens(b)[i]].item<float>();
            }
            Assert.Equal(sum, nats[b], 1e-4);
            loss += sum / tokens[b] / 3;
        }
        Assert.Equal(loss, process.Loss(model, process.Noise(batch, pairs, 1, 0), 0)!.item<float>(), 1e-4);
    }

    [Fact]
    public void Left_to_right_sampling_of_a_prefix_language_model_takes_the_most_probable_next_token()
    {
        using var model = Golden.Small(architecture: "llama");
        foreach (var attention in new[] { AttentionKind.Causal, AttentionKind.Prefix })
        {
            var sampler = new Diffusion.Sampling.SweepSampler(model, null, new(0, 1, 2, 3, 39), new() { Closing = CanvasClosing.None },
                attention, shift: true, blockLength: 1);
            var cell = new SamplerSettings { Preset = "left-to-right", Length = new() { Source = "fixed", Value = 6 } };
            int[] sampled = sampler.Run([new Diffusion.Sampling.SampleItem { Id = "x", PromptIds = [0, 5, 6] }], [cell]).Single().Ids;
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            List<long> ids = [0, 5, 6];
            for (int i = 0; i < 6; i++)
            {
                int n = ids.Count;
                var seen = AttentionMasks.Of(attention, ids.ToArray(), [n], [3], blockLength: 1);
                var logits = model.Logits(model.Hidden(tensor(ids.ToArray(), [1, n]), seen).view(n, -1))[n - 1];
                logits[39] = float.NegativeInfinity;
                ids.Add(logits.argmax().item<long>());
            }
            Assert.Equal(ids.Skip(3).Select(id => (int)id), sampled);
        }
    }

    [Fact]
    public void Texts_of_a_prefix_language_model_are_divided_at_random_places_that_belong_to_the_text()
    {
        var texts = new EncodedPairs(16, 0, 2);
        for (int i = 0; i < 3; i++) texts.AddSequence($"packed {i}", [0, .. Enumerable.Range(4, 15)]);
        var seen = new HashSet<int>();
        for (int epoch = 0; epoch < 300; epoch++)
        {
            var batch = new PairBatch(texts, [0, 1, 2], 1);
            Assert.Equal([1, 1, 1], batch.PromptLengths); // <s>
            batch.Divide(texts, 4, epoch);
            var alone = new PairBatch(texts, [1], 1);
            alone.Divide(texts, 4, epoch);
            Assert.Equal(batch.PromptLengths[1], alone.PromptLengths[0]);
            seen.UnionWith(batch.PromptLengths);
        }
        Assert.Equal(Enumerable.Range(1, 15), seen.Order());
    }
}

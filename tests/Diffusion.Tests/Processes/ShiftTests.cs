using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>Outputs that are for the next position.</summary>
public sealed class ShiftTests
{
    static EncodedPairs Pairs()
    {
        var pairs = new EncodedPairs(8, 0, 2);
        pairs.Add("a", [5, 6], [7, 8, 9]);
        pairs.Add("cut", [5, 6], [10, 11, 12, 13, 14, 15, 16, 17, 18]); // begins with the response
        return pairs;
    }

    [Fact]
    public void States_stand_before_their_targets_and_a_first_token_is_never_masked()
    {
        var process = new AbsorbingProcess(new ObjectiveSettings { Shift = true, Timesteps = 1 }, 39);
        var noised = process.Noise(new PairBatch(Pairs(), [0, 1], 1), Pairs(), 3, 0);
        Assert.Equal(2 * (4 + 7), noised.Masked.Length); // all but the prompt, and but the cut pair's first token
        Assert.Equal(noised.Masked.Select(i => i - 1), noised.States);
        Assert.DoesNotContain(noised.Masked, i => i % noised.Columns == 0);
        var plain = new AbsorbingProcess(new ObjectiveSettings { Timesteps = 1 }, 39).Noise(new PairBatch(Pairs(), [0, 1], 1), Pairs(), 3,
            0);
        Assert.Equal(plain.Masked, plain.States);
        Assert.Equal(2 * (4 + 8), plain.Masked.Length);
    }

    [Fact]
    public void With_causal_attention_and_all_masked_the_first_slot_s_loss_is_the_next_token_s()
    {
        using var model = Golden.Small(architecture: "llama");
        model.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var pairs = new EncodedPairs(8, 0, 2);
        pairs.Add("a", [5, 6], []); // the response is </s> alone
        var process = new AbsorbingProcess(
            new ObjectiveSettings { Shift = true, Timesteps = 1, Coupled = false, Attention = AttentionKind.Causal }, 39);
        var loss = process.Loss(model, process.Noise(new PairBatch(pairs, [0], 1), pairs, 3, 0), 0)!;
        long[] ids = [0, 5, 6];
        var logits = model.Logits(model.Hidden(tensor(ids, [1, 3]), AttentionMasks.Of(AttentionKind.Causal, ids, [3], [3])).view(3, -1)
            .narrow(0, 2, 1));
        Assert.Equal(F.cross_entropy(logits, tensor(new long[] { 2 })).item<float>(), loss.item<float>(), 1e-5f);
    }
}

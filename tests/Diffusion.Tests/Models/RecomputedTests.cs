using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class RecomputedTests
{
    static readonly long[] Ids = [0, 5, 6, 7, 39, 39, 2, 0, 9, 39, 2, 1, 1, 1];

    static Dictionary<string, float[]> Gradients(LanguageModel model, bool recompute, bool frozen = false)
    {
        using var scope = NewDisposeScope();
        model.train();
        model.RecomputesActivations = recompute;
        model.zero_grad();
        foreach (var (name, parameter) in model.Named) parameter.requires_grad = !frozen || name.Contains(".layer.0.");
        model.DropFrom(CounterRandom.For(9, "dropout"));
        var hidden = model.HiddenRows(tensor(Ids, [2, 7]), tensor(AttentionMasks.Tokens([7, 4], 7), [2, 7]), tensor(new long[] { 4, 5, 9 }),
            new([7, 4], [3, 2]));
        model.Logits(hidden).square().mean().backward();
        return model.Named.Where(p => p.Value.requires_grad).ToDictionary(p => p.Key, p => p.Value.grad?.data<float>().ToArray() ?? []);
    }

    [Theory]
    [MemberData(nameof(Golden.Architectures), MemberType = typeof(Golden))]
    public void Gradients_are_the_same_to_the_bit(string architecture)
    {
        using var model = Golden.Small(layers: 3, architecture: architecture);
        Dictionary<string, float[]> kept = Gradients(model, false), again = Gradients(model, true);
        if (architecture != "bart")
        {
            Assert.Equal(kept, again);
            return;
        }
        // What all decoder layers give to the encoder's states is added up in another order.
        foreach (var (name, values) in kept) Assert.Equal(values, again[name], (x, y) => Math.Abs(x - y) < 1e-6f);
        Assert.Equal(kept["model.decoder.layers.0.fc1.weight"], again["model.decoder.layers.0.fc1.weight"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_dropout_too_and_in_bfloat16(bool rounds)
    {
        using var model = Golden.Small(dropout: 0.3, layers: 3);
        using var rounded = rounds ? model.RoundProducts() : null;
        Assert.Equal(Gradients(model, false), Gradients(model, true));
    }

    [Fact]
    public void Layers_behind_frozen_embeddings_get_theirs()
    {
        using var model = Golden.Small(layers: 3);
        var kept = Gradients(model, false, frozen: true);
        Assert.NotEmpty(kept);
        Assert.Equal(kept, Gradients(model, true, frozen: true));
    }

    [Fact]
    public void What_is_dropped_forward_is_dropped_backward()
    {
        // With other masks in the second pass the gradient would not be that of the loss.
        using var model = Golden.Small(dropout: 0.3, layers: 2);
        var gradient = Gradients(model, true)["roberta.encoder.layer.0.output.dense.bias"];
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var bias = model.Named["roberta.encoder.layer.0.output.dense.bias"];
        double Loss(int i, float by)
        {
            float before = bias[i].item<float>();
            bias[i] = tensor(before + by);
            double loss;
            using (enable_grad())
            {
                model.DropFrom(CounterRandom.For(9, "dropout"));
                var hidden = model.HiddenRows(tensor(Ids, [2, 7]), tensor(AttentionMasks.Tokens([7, 4], 7), [2, 7]),
                    tensor(new long[] { 4, 5, 9 }), new([7, 4], [3, 2]));
                loss = model.Logits(hidden).square().mean().item<float>();
            }
            bias[i] = tensor(before);
            return loss;
        }
        for (int i = 0; i < 16; i += 5)
            Assert.Equal((Loss(i, 0.01f) - Loss(i, -0.01f)) / 0.02, gradient[i], 2e-2 * Math.Max(0.05, gradient.Max(Math.Abs)));
    }
}

using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class ForwardFlopsTests
{
    static ModelConfig Config(int layers, string architecture = "xlm-roberta") => ModelConfig.Create(
        new NewModel
        {
            Architecture = architecture,
            HiddenSize = 8,
            Layers = layers,
            Heads = 2,
            FeedForwardSize = 16,
            MaxPositions = 32,
            Dropout = 0
        }, 100, new SpecialTokens(0, 1, 2, 3, 4));

    [Fact]
    public void Counts_every_product_once()
    {
        // By hand, L = 10, d = 8, f = 16, V = 100, 3 slots: 2*10*(4*64 + 2*128) + 4*100*8 = 13440; 2*3*(64 + 800) = 5184.
        Assert.Equal(13_440 + 5_184, ForwardFlops.Of(Config(1), 4, 10, 3));
        Assert.Equal(6 * 13_440 + 5_184, ForwardFlops.Of(Config(6), 4, 10, 3));
        Assert.Equal(0, ForwardFlops.Of(Config(1), 0, 0, 0));
    }

    [Fact]
    public void An_encoder_reads_the_prompt_once_and_a_decoder_the_response()
    {
        // By hand, P = 4, R = 6: encoder 2*4*(4*64 + 2*128) + 4*16*8 = 4608; decoder 2*6*(6*64 + 2*128) + 2*4*(2*64) + 4*(36 + 24)*8 =
        // 10624; 3 slots: 2*3*800 = 4800.
        Assert.Equal(4_608 + 10_624 + 4_800, ForwardFlops.Of(Config(1, "bart"), 4, 10, 3));
    }
}

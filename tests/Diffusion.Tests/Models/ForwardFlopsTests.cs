using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Tests.Models;

public sealed class ForwardFlopsTests
{
    static ModelConfig Config(int layers) => ModelConfig.Create(
        new NewModelSpec { Architecture = "xlm-roberta", HiddenSize = 8, Layers = layers, Heads = 2, FeedForwardSize = 16, MaxPositions = 32, Dropout = 0 }, 100, new SpecialTokens(0, 1, 2, 3, 4));

    [Fact]
    public void Counts_every_product_once()
    {
        // By hand, L = 10, d = 8, f = 16, V = 100, 3 slots: 2*10*(4*64 + 2*128) + 4*100*8 = 13440; 2*3*(64 + 800) = 5184.
        Assert.Equal(13_440 + 5_184, ForwardFlops.Of(Config(1), 10, 3));
        Assert.Equal(6 * 13_440 + 5_184, ForwardFlops.Of(Config(6), 10, 3));
        Assert.Equal(0, ForwardFlops.Of(Config(1), 0, 0));
    }
}

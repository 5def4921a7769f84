using DiffusionBatch.Embedded.TorchSharp.Tests.Memory;
using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Sampling;

/// <summary>These seed the generator that all tests share, and so run alone.</summary>
[Collection(nameof(Alone))]
public sealed class GeneratorTests
{
    [Fact]
    public void Every_way_to_seed_gives_the_same_draws()
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> drawn = [];
        foreach (Action<long> seed in new Action<long>[] { s => manual_seed(s), s => random.manual_seed(s), cuda.manual_seed, cuda.manual_seed_all, s => Generator.Default.manual_seed(s) })
        {
            seed(21);
            Assert.Equal((21L, 21L), (Generator.Default.initial_seed(), initial_seed()));
            drawn.Add(rand(8));
        }

        Values.Same([.. drawn, rand(8, generator: new Generator(21))]);
        Assert.Same(Generator.Default, random.manual_seed(1));
    }

    [Fact]
    public void A_state_that_is_set_again_repeats_the_draws()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor state = get_rng_state(), first = rand(5);
        Tensor after = random.get_rng_state();
        set_rng_state(state);
        Values.Same(first, rand(5));
        Values.Same(after, get_rng_state());
        random.set_rng_state(state);
        Values.Same(first, rand(5));
    }

    [Fact]
    public void A_fresh_seed_is_another_one_and_is_told()
    {
        using DisposeScope scope = NewDisposeScope();
        long one = random.seed(), other = random.seed();
        Assert.NotEqual(one, other);
        Assert.Equal(other, Generator.Default.initial_seed());
        var own = new Generator(5);
        long seed = own.seed();
        Assert.Equal(seed, own.initial_seed());
        Assert.Equal(DeviceType.CPU, own.device.type);
        Values.Same(rand(4, generator: own), rand(4, generator: new Generator().manual_seed(seed)));
        own.Dispose();
        own.Dispose();
        manual_seed(0);
    }
}

using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models.Layers;

public sealed class DropoutTests
{
    static readonly CounterRandom Stream = CounterRandom.For(1, "dropout").At(2);

    static Dropout At(CounterRandom stream)
    {
        var dropout = new Dropout();
        dropout.Begin(stream);
        return dropout;
    }

    static float[] Values(Tensor t) => t.to(float32).data<float>().ToArray();

    [Fact]
    public void A_pass_s_masks_are_a_function_of_its_stream_and_the_place()
    {
        using var scope = NewDisposeScope();
        var x = ones(50, 41);
        var one = At(Stream);
        float[] first = Values(one.Of(x, 0.2)), second = Values(one.Of(x, 0.2));
        Assert.NotEqual(first, second);
        var two = At(Stream);
        manual_seed(7); // no other generator plays a part
        Assert.Equal(first, Values(two.Of(x, 0.2)));
        two.Place = 1;
        Assert.Equal(second, Values(two.Of(x, 0.2)));
        Assert.NotEqual(first, Values(At(Stream.At(1)).Of(x, 0.2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_device_s_own_operations_give_the_same_mask(int columns)
    {
        using var scope = NewDisposeScope();
        foreach (var type in (ScalarType[])[float32, bfloat16])
        {
            var mask = At(Stream).Mask([333, columns], 0.1, 2, type, CPU);
            Assert.Equal(Values(mask), Values(Dropout.OnDevice(Stream.At(0), [333, columns], 0.1, 2, type, CPU)));
            Assert.Equal(type, mask.dtype);
        }
    }

    [Fact]
    public void A_residual_is_the_sum_with_what_was_not_dropped_and_gradients_go_there_alone()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (rand(9, 16).requires_grad_(true), rand(9, 16).requires_grad_(true));
        var mask = At(Stream).Of(ones(9, 16), 0.4);
        var sum = At(Stream).Add(x, y * 1, 0.4);
        Assert.Equal(Values(x + y * mask), Values(sum), (a, b) => Math.Abs(a - b) < 1e-6f); // rounded once, where the processor can
        sum.sum().backward();
        Assert.Equal(Values(mask), Values(y.grad!));
        Assert.All(Values(x.grad!), g => Assert.Equal(1, g));
    }

    [Fact]
    public void In_bfloat16_the_scale_is_that_of_float32()
    {
        using var scope = NewDisposeScope();
        var x = full([4096], 3f, dtype: bfloat16);
        float[] kept = [.. Values(At(Stream).Of(x, 0.1)).Where(v => v != 0)];
        Assert.All(kept, v => Assert.Equal(3 * KeepMask.Scale(0.1), v, 3.4 / 256)); // half a unit in the last place
        Assert.Same(x, At(Stream).Of(x, 0));
    }
}

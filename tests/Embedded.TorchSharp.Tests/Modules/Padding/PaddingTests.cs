using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class PaddingTests
{
    /// <summary>One dimension padded from pieces of the input.</summary>
    static Tensor Pad(Tensor x, int d, long before, long after, PaddingModes mode, double value)
    {
        long n = x.size(d);
        Tensor[] parts = mode switch
        {
            PaddingModes.Reflect => [x.narrow(d, 1, before).flip(d), x, x.narrow(d, n - 1 - after, after).flip(d)],
            PaddingModes.Replicate => [.. Enumerable.Repeat(x.narrow(d, 0, 1), (int)before), x, .. Enumerable.Repeat(x.narrow(d, n - 1, 1), (int)after)],
            _ => [x.narrow(d, 0, 1).expand(With(x.shape, d, before)) * 0 + value, x, x.narrow(d, 0, 1).expand(With(x.shape, d, after)) * 0 + value],
        };
        return cat(parts, d);
    }

    static long[] With(long[] shape, int d, long size)
    {
        shape[d] = size;
        return shape;
    }

    static void Check(PadBase module, PaddingModes mode, double value, params long[] padding)
    {
        using DisposeScope scope = NewDisposeScope();
        using PadBase owned = module;
        Assert.Equal(padding, module.padding);
        Assert.Equal(value, module.value);
        Assert.Equal(module.GetType().Name, module.GetName());
        Tensor x = arange(2 * 3 * 4 * 5, ScalarType.Float32).reshape(padding.Length switch { 2 => [2, 12, 5], 4 => [2, 3, 4, 5], _ => [1, 2, 3, 4, 5] });
        Tensor expected = x;
        for (int i = 0; i < padding.Length / 2; i++) expected = Pad(expected, (int)x.ndim - 1 - i, padding[2 * i], padding[2 * i + 1], mode, value);
        Assert.True(module.call(x).Equals(expected), module.GetName());
        Assert.True(module.call(x[0]).Equals(expected[0]), module.GetName());
    }

    [Fact]
    public void With_a_value()
    {
        Check(nn.ConstantPad1d(2, 7), PaddingModes.Constant, 7, 2, 2);
        Check(nn.ConstantPad1d((2, 1), 7), PaddingModes.Constant, 7, 2, 1);
        Check(nn.ConstantPad2d(1, -3), PaddingModes.Constant, -3, 1, 1, 1, 1);
        Check(nn.ConstantPad2d((1, 2, 3, 1), -3), PaddingModes.Constant, -3, 1, 2, 3, 1);
        Check(nn.ConstantPad3d(1, 0.5), PaddingModes.Constant, 0.5, 1, 1, 1, 1, 1, 1);
        Check(nn.ConstantPad3d((1, 2, 3, 1, 2, 1), 0.5), PaddingModes.Constant, 0.5, 1, 2, 3, 1, 2, 1);
        Check(nn.ZeroPad2d(2), PaddingModes.Constant, 0, 2, 2, 2, 2);
        Check(nn.ZeroPad2d((1, 2, 3, 1)), PaddingModes.Constant, 0, 1, 2, 3, 1);
    }

    [Fact]
    public void With_the_mirror_image()
    {
        Check(nn.ReflectionPad1d(2), PaddingModes.Reflect, 0, 2, 2);
        Check(nn.ReflectionPad1d((3, 1)), PaddingModes.Reflect, 0, 3, 1);
        Check(nn.ReflectionPad2d(2), PaddingModes.Reflect, 0, 2, 2, 2, 2);
        Check(nn.ReflectionPad2d((4, 2, 3, 1)), PaddingModes.Reflect, 0, 4, 2, 3, 1);
        Check(nn.ReflectionPad3d(2), PaddingModes.Reflect, 0, 2, 2, 2, 2, 2, 2);
        Check(nn.ReflectionPad3d((4, 2, 3, 1, 1, 2)), PaddingModes.Reflect, 0, 4, 2, 3, 1, 1, 2);
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => nn.ReflectionPad1d(5).call(zeros(1, 5)));
    }

    [Fact]
    public void With_the_edge()
    {
        Check(nn.ReplicationPad1d(2), PaddingModes.Replicate, 0, 2, 2);
        Check(nn.ReplicationPad1d((7, 1)), PaddingModes.Replicate, 0, 7, 1);
        Check(nn.ReplicationPad2d(2), PaddingModes.Replicate, 0, 2, 2, 2, 2);
        Check(nn.ReplicationPad2d((6, 2, 3, 1)), PaddingModes.Replicate, 0, 6, 2, 3, 1);
        Check(nn.ReplicationPad3d(1), PaddingModes.Replicate, 0, 1, 1, 1, 1, 1, 1);
        Check(nn.ReplicationPad3d((4, 2, 3, 1, 5, 2)), PaddingModes.Replicate, 0, 4, 2, 3, 1, 5, 2);
    }

    [Fact]
    public void Written_settings_count()
    {
        using DisposeScope scope = NewDisposeScope();
        using ConstantPad1d module = nn.ConstantPad1d(1, 2);
        (module.padding, module.value) = ([0, 2], 4);
        Assert.Equal([1f, 4, 4], module.call(ones(1, 1)).data<float>().ToArray());
    }

    [Fact]
    public void Forms_of_the_function()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(6, ScalarType.Float32).reshape(2, 3);
        long[] sides = [1, 0, 0, 1];
        Assert.Equal([9f, 0, 1, 2, 9, 3, 4, 5, 9, 9, 9, 9], F.pad(x, sides, value: 9).data<float>().ToArray());
        Assert.True(F.pad(x, 2L, value: 9).Equals(F.pad(x, (2, 2, 2, 2), value: 9)));
        Assert.Equal([6L, 7], F.pad(x, 2L).shape);
        long[] odd = [1];
        Assert.Equal("Padding length must be divisible by 2", Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => F.pad(x, odd)).Message);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

/// <summary>What an activation was made with can be read, and what is written counts.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void In_place_means_in_the_inputs_memory()
    {
        Check(nn.CELU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.GELU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Hardsigmoid(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Hardswish(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Hardtanh(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.LeakyReLU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Mish(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.ReLU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.ReLU6(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.RReLU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.SELU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Sigmoid(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.SiLU(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Softsign(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Tanh(), m => m.inplace, (m, on) => m.inplace = on);
        Check(nn.Tanhshrink(), m => m.inplace, (m, on) => m.inplace = on);
    }

    static void Check<T>(T module, Func<T, bool> read, Action<T, bool> write) where T : nn.Module<Tensor, Tensor>
    {
        using DisposeScope scope = NewDisposeScope();
        using T owned = module;
        Tensor before = arange(-9, 9, ScalarType.Float32).div(2.0), x = before.clone();
        Assert.False(read(module));
        Tensor y = module.forward(x);
        Assert.True(x.Equals(before), module.GetName());
        write(module, true);
        Assert.True(read(module));
        Tensor changed = module.forward(x);
        Assert.Same(x, changed);
        Assert.True(changed.allclose(y), module.GetName());
    }

    [Fact]
    public void Numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(-8, 8, ScalarType.Float64).div(4.0).reshape(4, 4);
        CELU celu = nn.CELU(0.7);
        Hardtanh bounded = nn.Hardtanh(-0.5, 0.25);
        LeakyReLU leaky = nn.LeakyReLU(0.2);
        RReLU between = nn.RReLU(0.1, 0.5);
        Hardshrink hard = nn.Hardshrink(0.3);
        Softshrink soft = nn.Softshrink(0.4);
        Assert.Equal((0.7, -0.5, 0.25, 0.2), (celu.alpha, bounded.min_val, bounded.max_val, leaky.negative_slope));
        Assert.Equal((0.1, 0.5, 0.3, 0.4), (between.lower, between.upper, hard.lambda, soft.lambda));
        (celu.alpha, bounded.min_val, bounded.max_val, leaky.negative_slope) = (2, -1, 1.5, 0.5);
        (between.lower, between.upper, hard.lambda, soft.lambda) = (0.2, 0.4, 1, 1);
        Assert.True(celu.call(x).allclose(x.celu(2)));
        Assert.True(bounded.call(x).Equals(x.clamp(-1, 1.5)));
        Assert.True(leaky.call(x).allclose(where(x.lt(0), x * 0.5, x)));
        Assert.True(between.call(x).allclose(where(x.lt(0), x * 0.3, x)));
        Assert.True(hard.call(x).Equals(where(x.abs().gt(1), x, zeros_like(x))));
        Assert.True(soft.call(x).allclose(where(x.abs().gt(1), x - x.sign(), zeros_like(x))));
    }

    [Fact]
    public void Dimensions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24, ScalarType.Float64).sin().reshape(2, 3, 4);
        Softmax softmax = nn.Softmax(0);
        LogSoftmax log = nn.LogSoftmax(0);
        Softmin softmin = nn.Softmin(0);
        GLU glu = nn.GLU(0);
        Assert.Equal((0L, 0L, 0L, 0L), (softmax.dim, log.dim, softmin.dim, glu.dim));
        (softmax.dim, log.dim, softmin.dim, glu.dim) = (2, -1, 1, 2);
        Assert.True(softmax.call(x).sum(2).allclose(ones(2, 3, float64)));
        Assert.True(log.call(x).exp().sum(2).allclose(ones(2, 3, float64)));
        Assert.True(softmin.call(x).allclose((-x).softmax(1)));
        Assert.True(glu.call(x).allclose(x.narrow(2, 0, 2) * x.narrow(2, 2, 2).sigmoid()));
    }

    [Fact]
    public void Over_channels()
    {
        using DisposeScope scope = NewDisposeScope();
        using Softmax2d module = nn.Softmax2d();
        Tensor x = arange(48, ScalarType.Float64).sin().reshape(2, 3, 2, 4);
        Assert.True(module.call(x).allclose(x.softmax(1)));
        Assert.True(module.call(x[0]).allclose(x[0].softmax(0)));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => module.call(zeros(2, 2)));
    }
}

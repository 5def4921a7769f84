using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class DropoutsTests
{
    /// <summary>The same draws as the function's while training, the input's values otherwise, the input's memory in place.</summary>
    static void Check<T>(T module, Func<T, double> p, Action<T, bool> inplace, Func<T, bool> isInplace, Func<Tensor, Tensor> function) where T : nn.Module<Tensor, Tensor>
    {
        using DisposeScope scope = NewDisposeScope();
        using T owned = module;
        Assert.Equal((0.25, false), (p(module), isInplace(module)));
        Tensor x = arange(1, 481, ScalarType.Float32).reshape(2, 40, 1, 2, 3);
        if (module is Dropout1d) x = x.reshape(2, 40, 6);
        if (module is Dropout2d) x = x.reshape(2, 40, 2, 3);
        manual_seed(11);
        Tensor expected = function(x);
        Assert.False(expected.Equals(x));
        manual_seed(11);
        Assert.True(module.call(x).Equals(expected), module.GetName());
        inplace(module, true);
        Assert.True(isInplace(module));
        Tensor changed = x.clone();
        manual_seed(11);
        Assert.Same(changed, module.call(changed));
        Assert.True(changed.allclose(expected), module.GetName());
        module.eval();
        Assert.True(module.call(x).Equals(x), module.GetName());
    }

    [Fact]
    public void As_the_functions()
    {
        Check(nn.Dropout(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.dropout(x, 0.25));
        Check(nn.Dropout1d(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.dropout1d(x, 0.25));
        Check(nn.Dropout2d(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.dropout2d(x, 0.25));
        Check(nn.Dropout3d(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.dropout3d(x, 0.25));
        Check(nn.AlphaDropout(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.alpha_dropout(x, 0.25, true));
        Check(nn.FeatureAlphaDropout(0.25), m => m.p, (m, on) => m.inplace = on, m => m.inplace, x => F.feature_alpha_dropout(x, 0.25, true));
        Assert.True(nn.FeatureAlphaDropout(0.25, true).inplace);
    }

    [Fact]
    public void Channels_go_or_stay_as_a_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Func<Tensor>[] draws =
        [
            () => F.dropout1d(ones(30, 40, 5), 0.25),
            () => F.dropout2d(ones(30, 40, 5, 1), 0.25),
            () => F.dropout3d(ones([30, 40, 1, 5, 1]), 0.25),
        ];
        foreach (Func<Tensor> draw in draws)
        {
            Tensor y = draw().reshape(1200, 5);
            Assert.True(y.amax([1]).Equals(y.amin([1])));
            Assert.True(y.eq(0).logical_or(y.eq(1f / 0.75f)).all().item<bool>());
            Assert.InRange(y.eq(0).to_type(ScalarType.Float32).mean().item<float>(), 0.2f, 0.3f);
        }
        Tensor feature = F.feature_alpha_dropout(ones(30, 40, 5), 0.25, true).reshape(1200, 5);
        Assert.True(feature.amax([1]).Equals(feature.amin([1])));
        Assert.False(feature.Equals(feature[0, 0].expand(1200, 5)));
    }

    [Fact]
    public void Alpha_dropout_keeps_mean_and_deviation()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(5);
        Tensor y = F.alpha_dropout(randn(200000), 0.3, true), z = F.feature_alpha_dropout(randn(20000, 10, 1), 0.3, true);
        foreach (Tensor t in new[] { y, z })
        {
            Assert.Equal(0, t.mean().item<float>(), 0.02);
            Assert.Equal(1, t.std().item<float>(), 0.02);
        }
        // What is dropped is -alpha, scaled and shifted as the rest.
        double a = 1 / Math.Sqrt((1.7580993408473766 * 1.7580993408473766 * 0.3 + 1) * 0.7);
        Assert.Equal(0.3, (y + 1.7580993408473766 * 0.7 * a).abs().lt(1e-5).to_type(ScalarType.Float32).mean().item<float>(), 0.01);
    }

    [Fact]
    public void Probabilities_are_between_0_and_1()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 3, 4);
        Action[] runs = [() => F.dropout(x, 1.5), () => F.dropout1d(x, 1.5), () => F.dropout2d(x, 1.5), () => F.dropout3d(x, 1.5), () => F.alpha_dropout(x, 1.5, true), () => F.feature_alpha_dropout(x, 1.5, true)];
        foreach (Action run in runs)
            Assert.Equal("dropout probability has to be between 0 and 1, but got 1.5", Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message);
        Assert.True(F.alpha_dropout(x, 1, true).Equals(zeros(2, 3, 4)));
        Assert.True(F.dropout2d(x, 1).Equals(zeros(2, 3, 4)));
    }

    [Fact]
    public void Integers_cannot_be_scaled()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2, 3, 4, int64);
        Action[] runs = [() => F.dropout(x), () => F.dropout1d(x), () => F.dropout2d(x), () => F.dropout3d(x), () => F.alpha_dropout(x, training: true), () => F.feature_alpha_dropout(x, training: true)];
        foreach (Action run in runs)
            Assert.Equal("result type Float can't be cast to the desired output type Long", Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message);
        Assert.True(F.dropout(x, training: false).Equals(x) && F.alpha_dropout(x, 0, true).Equals(x));
    }
}

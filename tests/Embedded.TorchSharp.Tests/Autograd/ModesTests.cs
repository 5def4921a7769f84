using DiffusionBatch.Embedded.TorchSharp.Tests.Memory;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

/// <summary>Anomaly mode is the whole process's, and so these run alone.</summary>
[Collection(nameof(Alone))]
public sealed class ModesTests
{
    [Fact]
    public void Modes_nest_and_end()
    {
        using Tensor x = ones(1).with_requires_grad();
        Assert.True(is_grad_enabled() && !is_inference_mode_enabled());
        using (set_grad_enabled(false))
        {
            Assert.False(is_grad_enabled());
            using (set_grad_enabled(true))
            {
                using Tensor recorded = x * 2;
                Assert.True(is_grad_enabled() && recorded.requires_grad);
            }

            using Tensor plain = x * 2;
            Assert.False(is_grad_enabled() || plain.requires_grad);
        }

        using (inference_mode()) Assert.True(is_inference_mode_enabled() && !is_grad_enabled());
        Assert.True(is_grad_enabled() && !is_inference_mode_enabled());
        Assert.False(x.with_requires_grad(false).requires_grad);
    }

    [Fact]
    public void Anomaly_mode_ends_with_its_disposal()
    {
        Assert.False(AnomalyMode.IsEnabled);
        var outer = new AnomalyMode(true);
        var inner = new AnomalyMode(true, false);
        Assert.Equal((true, false), (AnomalyMode.IsEnabled, AnomalyMode.ShouldCheckNaN));
        inner.Dispose();
        Assert.Equal((true, true), (AnomalyMode.IsEnabled, AnomalyMode.ShouldCheckNaN));
        outer.Dispose();
        Assert.False(AnomalyMode.IsEnabled);
    }
}

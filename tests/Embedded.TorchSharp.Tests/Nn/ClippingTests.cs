using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class ClippingTests
{
    [Fact]
    public void Gradients_are_limited_element_by_element()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = new(zeros(3)), none = new(zeros(1));
        a.grad = tensor(new float[] { -3, 0.25f, 2 });
        nn.utils.clip_grad_value_([a, none], 0.5);
        Assert.Equal([-0.5f, 0.25f, 0.5f], a.grad!.data<float>().ToArray());
        Assert.Null(none.grad);
    }
}

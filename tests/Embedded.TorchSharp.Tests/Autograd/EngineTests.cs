using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

public sealed class EngineTests
{
    [Fact]
    public void Gradients_add_up_over_passes_until_they_are_dropped()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_();
        (x * 2).sum().backward();
        (x * 3).sum().backward();
        Assert.Equal([5f, 5f, 5f], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Nothing_is_recorded_under_no_grad()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_();
        using (no_grad()) Assert.False((x * 2).requires_grad);
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        Assert.True((x * 2).requires_grad);
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void A_graph_runs_once_unless_it_is_retained()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), y = x.exp().sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Throws<ExternalException>(() => y.backward());
    }

    [Fact]
    public void What_was_saved_and_then_changed_is_an_error()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), y = x * 2, z = y * y;
        using (no_grad()) y.add_(1);
        Assert.Throws<ExternalException>(() => z.sum().backward());
    }

    [Fact]
    public void A_leaf_is_not_changed_in_place_while_recording()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_();
        Assert.Throws<ExternalException>(() => x.add_(1));
        using (no_grad()) x.add_(1);
        Assert.Equal([2f, 2f, 2f], x.data<float>().ToArray());
    }

    [Fact]
    public void Disposed_inputs_still_serve_the_backward_pass()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = full(3, 2.0).requires_grad_(), y;
        using (Tensor a = x * 3)
        using (Tensor b = a.exp())
            y = b.sum();
        y.backward();
        Assert.Equal(3 * MathF.Exp(6), x.grad!.data<float>()[0], 1e-2f);
    }

    [Fact]
    public void Gradients_of_inner_tensors_are_kept_on_request()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_(), y = x * 2;
        y.retain_grad();
        (y * y).sum().backward();
        Assert.Equal([4f, 4f], y.grad!.data<float>().ToArray());
        Assert.Equal([8f, 8f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Grad_gives_gradients_without_adding_them()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_(), y = ones(2).requires_grad_();
        IList<Tensor> grads = autograd.grad([(x * 3).sum()], [x]);
        Assert.Equal([3f, 3f], grads[0].data<float>().ToArray());
        Assert.Null(x.grad);
        Assert.Throws<ExternalException>(() => autograd.grad([(x * 3).sum()], [y]));
    }

    [Fact]
    public void A_deep_graph_needs_no_deep_stack()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(1).requires_grad_(), y = x * 1;
        for (int i = 0; i < 20000; i++)
        {
            Tensor next = y + 1;
            y.Dispose();
            y = next;
        }
        y.backward();
        Assert.Equal(1f, x.grad!.item<float>());
    }
}

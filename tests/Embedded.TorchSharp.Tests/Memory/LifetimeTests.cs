using TorchSharp;
using TorchSharp.Core;
using TorchSharp.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

/// <summary>These read counters of the whole process, and so run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class LifetimeTests
{
    [Fact]
    public void A_scope_gives_back_all_memory()
    {
        long before = TensorBuffer.LiveCount;
        using (NewDisposeScope())
        {
            Tensor x = randn(4, 8).requires_grad_(), w = randn(8, 8).requires_grad_();
            Tensor y = F.gelu(F.linear(x, w)).view(2, 2, 8).transpose(1, 2);
            F.layer_norm(y.contiguous(), [2]).sum().backward();
            Assert.True(TensorBuffer.LiveCount > before);
        }
        Assert.Equal(before, TensorBuffer.LiveCount);
    }

    [Fact]
    public void A_graph_without_backward_gives_back_what_it_saved()
    {
        long before = TensorBuffer.LiveCount;
        using (NewDisposeScope())
        {
            Tensor x = randn(4, 8).requires_grad_();
            for (int i = 0; i < 5; i++) x = F.gelu(x).exp();
        }
        Assert.Equal(before, TensorBuffer.LiveCount);
    }

    [Fact]
    public void Views_keep_their_memory_alive()
    {
        Tensor view;
        using (NewDisposeScope())
        {
            Tensor x = arange(6);
            view = x.view(2, 3).select(0, 1).MoveToOuterDisposeScope();
        }
        Assert.Equal([3L, 4, 5], view.data<long>().ToArray());
        view.Dispose();
        Assert.True(view.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => view.sum());
    }

    [Fact]
    public void Scopes_nest_and_hand_over()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor kept, detached, dropped;
        using (DisposeScope inner = NewDisposeScope())
        {
            kept = ones(1).MoveToOuterDisposeScope();
            detached = ones(1).DetachFromDisposeScope();
            dropped = ones(1);
            Assert.True(outer.Contains(kept));
            Assert.Equal(1, inner.DisposablesCount);
        }
        Assert.False(kept.IsInvalid);
        Assert.True(dropped.IsInvalid);
        outer.DisposeEverything();
        Assert.True(kept.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void A_gradient_read_in_a_scope_outlives_the_scope_on_its_parameter()
    {
        using var parameter = new Parameter(ones(2));
        using (NewDisposeScope())
        {
            (parameter * 3).sum().backward();
            Assert.NotNull(parameter.grad);
        }
        using Tensor gradient = parameter.grad!;
        Assert.Equal([3f, 3f], gradient.data<float>().ToArray());
    }

    [Fact]
    public void A_training_step_in_steady_state_takes_no_new_memory()
    {
        manual_seed(3);
        using var model = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.LayerNorm(32), nn.Dropout(0.1), nn.Linear(32, 10));
        using optim.Optimizer optimizer = optim.AdamW(model.parameters());
        long live = 0, total = 0;
        for (int step = 0; step < 6; step++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                Tensor x = randn(24, 16), y = randint(10, [24]);
                F.cross_entropy(model.call(x), y).backward();
                nn.utils.clip_grad_norm_(model.parameters(), 1);
                optimizer.step();
            }
            if (step == 2) (live, total) = (TensorBuffer.LiveCount, BufferPool.TotalBytes);
        }
        Assert.Equal(live, TensorBuffer.LiveCount);
        Assert.Equal(total, BufferPool.TotalBytes);
    }
}
